import { expect, test } from 'bun:test';
import { KeepingUp } from '@pokers/server/search/keeping-up';
import type { Progress, SearchIndex } from '@pokers/server/search/search-index';

/** An index that has so many pieces to take in, or fails. */
class SlowIndex implements SearchIndex {
  pieces: number;
  worked = 0;
  isClosed = false;
  failure: Error | undefined;

  constructor(pieces: number) {
    this.pieces = pieces;
  }

  isBehind(): boolean {
    return this.pieces > 0;
  }

  async catchUp(): Promise<Progress> {
    await Bun.sleep(10);
    this.worked++;
    if (this.failure) throw this.failure;
    this.pieces--;
    return { more: this.pieces > 0 };
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  find = () => Promise.reject(new Error('nobody searches here'));
  settle = () => Promise.reject(new Error('nobody settles here'));
}

test('it takes in all there is, one piece at a time, and rests for as long as it works', async () => {
  const index = new SlowIndex(8);
  const keepingUp = new KeepingUp(index, () => {});
  const from = performance.now();
  while (index.pieces > 0) {
    keepingUp.sweep();
    keepingUp.sweep(); // while it works
    await Bun.sleep(1);
  }
  expect(index.worked).toBe(8);
  expect(performance.now() - from).toBeGreaterThan(8 * 10 + 7 * 10 - 15); // timers are some ms early
  await keepingUp.stop();
});

test('a failure is told, and it is not tried again at once', async () => {
  const index = new SlowIndex(1);
  index.failure = new Error('the disk is full');
  const { promise: told, resolve } = Promise.withResolvers<unknown>();
  const keepingUp = new KeepingUp(index, resolve);
  keepingUp.sweep();
  expect(await told).toBe(index.failure);
  for (let count = 0; count < 5; count++) {
    await Bun.sleep(2);
    keepingUp.sweep();
  }
  expect(index.worked).toBe(1);
  await keepingUp.stop();
});

test('to stop it waits for the piece under way, and leaves the rest', async () => {
  const index = new SlowIndex(100);
  const keepingUp = new KeepingUp(index, () => {});
  keepingUp.sweep();
  await keepingUp.stop();
  expect([index.worked, index.isClosed]).toEqual([1, true]);
  keepingUp.sweep();
  expect(index.worked).toBe(1);
});
