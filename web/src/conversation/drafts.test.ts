import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createDrafts } from './drafts.ts';

const MING = 1;
const LI = 2;

/** Only what drafts need of a window. */
class Page extends EventTarget {
  leave(): void {
    this.dispatchEvent(new Event('pagehide'));
  }
}
const open = (user: number) => {
  const page = new Page();
  return { page, drafts: createDrafts(user, page as unknown as Window) };
};

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
  });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'localStorage');
});

test('What Ming began in two threads is there after a reload, each in its own', () => {
  const { page, drafts } = open(MING);
  drafts.of(7).value = 'about the trip';
  drafts.of(8).value = '作业';
  drafts.of(8).value = '作业是';
  page.leave();
  const again = open(MING).drafts;
  expect(again.of(7).value).toBe('about the trip');
  expect(again.of(8).value).toBe('作业是');
  expect(open(LI).drafts.of(7).value).toBe('');
});

test('What was sent does not come back, however soon the page goes', () => {
  const { drafts } = open(MING);
  drafts.of(7).value = 'hello';
  drafts.of(7).value = '';
  expect(open(MING).drafts.of(7).value).toBe('');
  expect(open(MING).drafts.any()).toBe(false);
});

test('Two pages of Ming keep each other’s drafts', () => {
  const first = open(MING);
  const second = open(MING);
  first.drafts.of(7).value = 'first';
  second.drafts.of(8).value = 'second';
  first.page.leave();
  second.page.leave();
  expect(open(MING).drafts.of(7).value).toBe('first');
  expect(open(MING).drafts.of(8).value).toBe('second');
});

test('Of many drafts those that were touched last are kept, and none that is too long to be sent', () => {
  const { page, drafts } = open(MING);
  for (let thread = 1; thread <= 60; thread++) drafts.of(thread).value = `draft ${thread}`;
  drafts.of(5).value = 'touched again';
  drafts.of(60).value = 'x'.repeat(30_000);
  page.leave();
  const again = open(MING).drafts;
  expect(again.of(1).value).toBe('');
  expect(again.of(5).value).toBe('touched again');
  expect(again.of(59).value).toBe('draft 59');
  expect(again.of(60).value).toBe('');
});

test('Whoever signs out leaves none behind', () => {
  const { page, drafts } = open(MING);
  drafts.of(7).value = 'secret';
  page.leave();
  drafts.forget();
  page.leave();
  expect([...kept.values()]).toEqual([]);
});

test('What someone else put into the storage is no draft, and a storage that fails is none', () => {
  kept.set(`pokers.drafts.${MING}`, '[[1,2],"x",[3,"good"],null]');
  expect(open(MING).drafts.of(3).value).toBe('good');
  kept.set(`pokers.drafts.${MING}`, '{');
  expect(open(MING).drafts.of(3).value).toBe('');
  Object.assign(globalThis.localStorage, {
    setItem: () => {
      throw new Error('full');
    },
  });
  const { drafts } = open(MING);
  drafts.of(3).value = 'only in the page';
  expect(drafts.of(3).value).toBe('only in the page');
});
