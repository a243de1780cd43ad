import { expect, test } from 'bun:test';
import { createListing } from './listing.ts';

test('What changes while a list is loaded is in the list afterwards', async () => {
  let truth = ['Ming'];
  let asked = 0;
  const answers: (() => void)[] = [];
  const listing = createListing(async () => {
    asked += 1;
    const seen = truth;
    await new Promise<void>((resolve) => answers.push(resolve));
    return seen;
  });

  const first = listing.load();
  truth = ['Ming', 'Lily'];
  const second = listing.load();
  const third = listing.load();
  answers.shift()?.();
  await Bun.sleep(0);
  answers.shift()?.();
  await Promise.all([first, second, third]);

  expect(listing.items.value).toEqual(['Ming', 'Lily']);
  expect(asked).toBe(2);
});

test('A load that fails keeps the list, and the next one may go well', async () => {
  let isDown = false;
  const listing = createListing(async () => {
    if (isDown) throw new Error('down');
    return ['Ming'];
  });
  await listing.load();
  isDown = true;
  await listing.load();
  expect(listing.items.value).toEqual(['Ming']);
  expect(listing.failure.value).toBeInstanceOf(Error);
  isDown = false;
  await listing.load();
  expect(listing.failure.value).toBeUndefined();
});

test('What was loaded just now is not asked for again, unless it is known to have changed', async () => {
  let asked = 0;
  const listing = createListing(async () => [++asked]);
  await Promise.all([listing.ready(), listing.ready()]);
  listing.refresh();
  await listing.ready();
  expect(asked).toBe(1);
  await listing.load();
  expect(listing.items.value).toEqual([2]);
});
