import { expect, test } from 'bun:test';
import { OUTBOX, Outbox, Waiting } from './outbox.ts';

/** A thread with so many listeners, into which numbers are said. */
function thread(audience: number, linkDelayMs: () => number = () => 0) {
  const frames: number[][] = [];
  const topic = { waiting: new Waiting(), audience };
  const outbox = new Outbox<typeof topic>(({ waiting }) => {
    frames.push(waiting.changes.map(({ seq }) => seq));
    waiting.changes = [];
  }, linkDelayMs);
  let said = 0;
  const say = (): void => {
    topic.waiting.changes.push({ seq: ++said } as never);
    outbox.added(topic, 1);
  };
  return {
    topic,
    outbox,
    frames,
    say,
    all: () => frames.flat(),
    upTo: () => Array.from({ length: said }, (_, i) => i + 1),
  };
}

test('in a small class every message leaves at once', () => {
  const { frames, say } = thread(30);
  for (let count = 0; count < 5; count++) say();
  expect(frames).toEqual([[1], [2], [3], [4], [5]]);
});

test('after a quiet moment the first message leaves at once, also to a thousand', async () => {
  const { frames, say } = thread(1_000);
  say();
  expect(frames).toEqual([[1]]);
  await Bun.sleep(OUTBOX.windowMaxMs + OUTBOX.tickMs);
  say();
  expect(frames).toEqual([[1], [2]]);
});

test('many messages to many leave together, in order, each once, and none waits long', async () => {
  const { frames, say, all, upTo } = thread(1_000);
  for (let count = 0; count < 200; count++) {
    say();
    if (count % 2 === 0) await Bun.sleep(1);
  }
  expect(frames.length).toBeLessThan(60);
  await Bun.sleep(OUTBOX.windowMaxMs + 4 * OUTBOX.tickMs);
  expect(all()).toEqual(upTo());
});

test('what waits is bounded: a burst leaves before its window has passed', () => {
  const { frames, say } = thread(100_000);
  for (let count = 0; count < 2 * OUTBOX.waitingMax + 10; count++) say();
  expect(frames.map(({ length }) => length)).toEqual([1, OUTBOX.waitingMax + 1, OUTBOX.waitingMax + 1]);
});

test('a thread that nobody listens to any more sends nothing', async () => {
  const { topic, outbox, frames, say } = thread(1_000);
  for (let count = 0; count < 100; count++) say();
  const sent = frames.length;
  outbox.forget(topic);
  await Bun.sleep(OUTBOX.windowMaxMs + 2 * OUTBOX.tickMs);
  expect(frames).toHaveLength(sent);
});

test('while the link is busy events gather, and leave together when it is free', async () => {
  let busyUntil = performance.now() + 100;
  const { frames, say } = thread(5, () => busyUntil - performance.now());
  for (let count = 0; count < 10; count++) say();
  expect(frames).toEqual([]);
  await Bun.sleep(100 + 3 * OUTBOX.tickMs);
  expect(frames).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  busyUntil = 0;
  say();
  expect(frames.at(-1)).toEqual([11]);
});

test('a link that stays busy holds nothing back for good', async () => {
  const { frames, say } = thread(5, () => 60_000);
  say();
  await Bun.sleep(OUTBOX.patienceMs - 200);
  expect(frames).toEqual([]);
  await Bun.sleep(200 + 3 * OUTBOX.tickMs);
  expect(frames).toEqual([[1]]);
});
