import { expect, test } from 'bun:test';
import { Tally } from './tally.ts';

const NO_FAULTS = { missing: 0, doubled: 0, strange: 0, disordered: 0 };

/** Two members of a thread in which posts 0, 1 and 2 were made, and what each got. */
function tallied(...deliveries: [member: number, post: number][]): Tally {
  const tally = new Tally(10, 2);
  for (const [member, post] of deliveries) tally.add(member, post);
  return tally;
}

test('Everyone has everything once, in an order that nobody knew before', () => {
  const tally = tallied([0, 2], [0, 0], [1, 2], [1, 0], [1, 1], [0, 1]);
  expect(tally.faults(3)).toEqual(NO_FAULTS);
  expect(tally.delivered).toBe(tally.due(3));
});

test('A post is with all when the last member has it', () => {
  const tally = tallied([0, 0], [0, 1], [1, 0]);
  expect([tally.hasAll(0), tally.hasAll(1)]).toEqual([true, false]);
});

test('What did not come is missing', () => {
  expect(tallied([0, 0], [0, 1], [0, 2], [1, 0], [1, 1]).faults(3)).toEqual({ ...NO_FAULTS, missing: 1 });
  expect(tallied().faults(3)).toEqual({ ...NO_FAULTS, missing: 6 });
});

test('A gap is not taken for the post that follows it', () => {
  const tally = tallied([0, 0], [0, 1], [0, 2], [1, 0], [1, 2]);
  expect(tally.faults(3)).toEqual({ ...NO_FAULTS, missing: 1, disordered: 1 });
});

test('What came twice is doubled, wherever the member is', () => {
  const tally = tallied([0, 0], [0, 0], [0, 1], [0, 0], [0, 2], [1, 0], [1, 1], [1, 2], [1, 2]);
  expect(tally.faults(3)).toEqual({ ...NO_FAULTS, doubled: 3 });
});

test('What came out of turn is disordered, counts once, and the rest is in order', () => {
  const tally = tallied([0, 0], [0, 1], [0, 2], [1, 1], [1, 1], [1, 0], [1, 1], [1, 2]);
  expect(tally.faults(3)).toEqual({ ...NO_FAULTS, doubled: 2, disordered: 1 });
});

test('What nobody made is strange', () => {
  expect(tallied([0, -1], [0, 10], [0, 0.5], [0, Number.NaN]).faults(0)).toEqual({
    ...NO_FAULTS,
    strange: 4,
  });
});
