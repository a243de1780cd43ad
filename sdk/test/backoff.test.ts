import { expect, test } from 'bun:test';
import { Backoff } from '../src/backoff.ts';

const range = { minMs: 500, maxMs: 30_000 };

test('the ceiling of the wait doubles from the first to the last and stays there', () => {
  const backoff = new Backoff(range, () => 1);
  const waits = Array.from({ length: 9 }, () => backoff.next());
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('a wait is anything below its ceiling', () => {
  const rolls = [0, 0.5, 0.25];
  const backoff = new Backoff(range, () => rolls.shift() ?? 0);
  expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([0, 500, 500]);
});

test('after a good connection the waits are short again', () => {
  const backoff = new Backoff(range, () => 1);
  for (let i = 0; i < 5; i++) backoff.next();
  backoff.reset();
  expect(backoff.next()).toBe(500);
});

test('a thousand failures do not overflow the ceiling', () => {
  const backoff = new Backoff(range, () => 1);
  for (let i = 0; i < 1_000; i++) backoff.next();
  expect(backoff.next()).toBe(30_000);
});
