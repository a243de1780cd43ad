import { afterEach, expect, test } from 'bun:test';
import { Liveness } from '../src/liveness.ts';
import { until } from './until.ts';

const patience = { greetingMs: 60, quietMs: 40, pongMs: 40 };
let liveness: Liveness;
let pings = 0;
let silent = 0;

function watch(onPing = () => {}): void {
  pings = 0;
  silent = 0;
  liveness = new Liveness(
    () => {
      pings++;
      onPing();
    },
    () => {
      silent++;
    },
    patience,
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
  await Bun.sleep(patience.quietMs * 4);
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
