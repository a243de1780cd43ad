import { expect, test } from 'bun:test';
import { postersOf, threadOfMember, threadOfPost } from './seats.ts';

test('Members and posts are spread evenly over the threads', () => {
  const seats = new Map<number, number>();
  for (let member = 0; member < 990; member++) {
    const thread = threadOfMember(member, 990, 33);
    seats.set(thread, (seats.get(thread) ?? 0) + 1);
  }
  expect(seats.size).toBe(33);
  expect(new Set(seats.values())).toEqual(new Set([30]));
  expect([0, 32, 33].map((post) => threadOfPost(post, 33))).toEqual([0, 32, 0]);
});

test('Each generator has posters for every thread', () => {
  expect([postersOf(1, 1), postersOf(1, 4), postersOf(3, 1), postersOf(33, 4)]).toEqual([8, 2, 9, 33]);
});
