import { expect, test } from 'bun:test';
import { type Pressed, type PressedWhere, shortcutOf } from './shortcuts.ts';

const PAGE: PressedWhere = { mac: false, field: false, single: true };

function press(key: string, held: Partial<Pressed> = {}, where: Partial<PressedWhere> = {}) {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return shortcutOf({ key, ...plain, ...held }, { ...PAGE, ...where });
}

test('Ctrl+K opens the switcher, also while one writes; on a Mac it is ⌘K, and Ctrl+K stays the text field’s', () => {
  expect(press('k', { ctrlKey: true })).toBe('switcher');
  expect(press('k', { ctrlKey: true }, { field: true })).toBe('switcher');
  expect(press('K', { metaKey: true }, { mac: true })).toBe('switcher');
  expect(press('k', { ctrlKey: true }, { mac: true })).toBeUndefined();
  expect(press('k', { metaKey: true })).toBeUndefined();
  expect(press('k')).toBeUndefined();
});

test('A slash searches and a question mark opens the sheet, but not in a text field, nor where single keys are off', () => {
  expect(press('/')).toBe('search');
  expect(press('/', { shiftKey: true })).toBe('search');
  expect(press('?', { shiftKey: true })).toBe('shortcuts');
  for (const key of ['/', '?']) {
    expect(press(key, {}, { field: true })).toBeUndefined();
    expect(press(key, {}, { single: false })).toBeUndefined();
  }
  expect(press('F', { ctrlKey: true, shiftKey: true }, { field: true })).toBe('search');
  expect(press('/', { ctrlKey: true }, { field: true, single: false })).toBe('shortcuts');
});

test('Alt and an arrow go through the threads, with Shift through the unread ones; with more keys held they are someone else’s', () => {
  expect(press('ArrowDown', { altKey: true })).toBe('next-thread');
  expect(press('ArrowUp', { altKey: true }, { field: true })).toBe('previous-thread');
  expect(press('ArrowDown', { altKey: true, shiftKey: true })).toBe('next-unread');
  expect(press('ArrowUp', { altKey: true, shiftKey: true }, { field: true })).toBe('previous-unread');
  expect(press('ArrowUp', { altKey: true, ctrlKey: true })).toBeUndefined();
  expect(press('ArrowUp')).toBeUndefined();
});

test('The browser’s own find and print stay its own', () => {
  for (const key of ['f', 'p', 'l', 't']) expect(press(key, { ctrlKey: true })).toBeUndefined();
});
