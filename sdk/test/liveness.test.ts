import { afterEach, expect, test } from 'bun:test';
import { Liveness } from '../src/liveness.ts';
import { Quiet } from '../src/quiet.ts';
import { until } from './until.ts';

const patience = { greetingMs: 60, answerMs: 40, pongMs: 40 };
const QUIET_MS = 40;
let liveness: Liveness;
let quiet: Quiet;
let pings = 0;
let silent = 0;

function watch(onPing = () => {}): void {
  pings = 0;
  silent = 0;
  quiet = new Quiet(QUIET_MS, 10 * QUIET_MS);
  liveness = new Liveness(
    () => {
      pings++;
      onPing();
    },
    () => {
      silent++;
    },
    patience,
    quiet,
  );
}

afterEach(() => liveness.stop());

test('a server that does not greet in time is gone', async () => {
  watch();
  await until(() => silent === 1, 'the silence to be noticed');
  expect(pings).toBe(0);
});

test('a quiet server is asked, and stays while it answers', async () => {
  watch(() => liveness.heard());
  liveness.greeted();
  await until(() => pings === 3, 'three pings');
  expect(silent).toBe(0);
});

test('a server that does not answer the ping is gone', async () => {
  watch();
  liveness.greeted();
  await until(() => silent === 1, 'the silence to be noticed');
  expect(pings).toBe(1);
});

test('a server that talks is not asked', async () => {
  watch();
  liveness.greeted();
  const talking = setInterval(() => liveness.heard(), 5);
  await Bun.sleep(QUIET_MS * 4);
  clearInterval(talking);
  expect([pings, silent]).toEqual([0, 0]);
});

test('a probe asks at once, and once', () => {
  watch();
  liveness.greeted();
  liveness.probe();
  liveness.probe();
  expect(pings).toBe(1);
});

test('a command that stays without an answer makes it ask, however long the line may be quiet', async () => {
  watch();
  for (let held = 0; held < 10; held++) quiet.held();
  expect(quiet.ms).toBe(10 * QUIET_MS);
  liveness.greeted();
  const since = performance.now();
  liveness.asked();
  await until(() => silent === 1, 'the silence to be noticed');
  expect(pings).toBe(1);
  expect(performance.now() - since).toBeLessThan(5 * QUIET_MS);
});

test('a command that is answered in time makes it ask nothing', async () => {
  watch();
  for (let held = 0; held < 10; held++) quiet.held();
  liveness.greeted();
  liveness.asked();
  liveness.heard();
  await Bun.sleep(QUIET_MS * 4);
  expect([pings, silent]).toEqual([0, 0]);
});

test('a page that is seen again asks, unless the server was heard of just now', async () => {
  watch();
  for (let held = 0; held < 10; held++) quiet.held();
  liveness.greeted();
  liveness.heard();
  liveness.wake();
  expect(pings).toBe(0);
  await Bun.sleep(patience.answerMs + 5);
  liveness.wake();
  expect(pings).toBe(1);
});

test('each quiet that a line holds makes the next one longer, up to a limit', async () => {
  watch(() => liveness.heard());
  liveness.greeted();
  await until(() => quiet.ms > 2 * QUIET_MS, 'the quiet to grow');
  expect(pings).toBeGreaterThanOrEqual(2);
  for (let held = 0; held < 10; held++) quiet.held();
  expect(quiet.ms).toBe(10 * QUIET_MS);
});

test('a quiet in which a line is lost is not tried again, and those before it are', () => {
  const learning = new Quiet(100, 1_000);
  for (const _ of [150, 225, 337.5]) learning.held();
  learning.lost(300);
  expect(learning.ms).toBe(100);
  for (let held = 0; held < 10; held++) learning.held();
  expect(learning.ms).toBe(225);
  learning.lost(50); // it was not quiet for long: that had other reasons
  expect(learning.ms).toBe(225);
  learning.forget();
  for (let held = 0; held < 10; held++) learning.held();
  expect(learning.ms).toBe(1_000);
});
