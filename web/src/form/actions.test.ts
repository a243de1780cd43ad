import { expect, test } from 'bun:test';
import { createActions } from './actions.ts';

test('What failed is told, and the list is shown as it is all the same', async () => {
  let shown = 0;
  const { failure, run } = createActions(async () => {
    shown += 1;
  });
  await run(() => Promise.reject(new Error('forbidden')));
  expect(failure.value).toEqual(new Error('forbidden'));
  expect(shown).toBe(1);
  await run(async () => undefined);
  expect(failure.value).toBeUndefined();
  expect(shown).toBe(2);
});

test('Pressing twice does it once', async () => {
  let done = 0;
  let go = (): void => undefined;
  const { run } = createActions(async () => undefined);
  const first = run(() => {
    done += 1;
    return new Promise<void>((resolve) => {
      go = resolve;
    });
  });
  await run(async () => {
    done += 1;
  });
  go();
  await first;
  expect(done).toBe(1);
});
