import { expect, test } from 'bun:test';
import type { ChatMessage } from '@pokers/sdk';
import { SHOWN_STEP, shownAfter } from './shown.ts';

const messages = (first: number, last: number): ChatMessage[] =>
  Array.from({ length: last - first + 1 }, (_, at) => ({
    id: first + at,
    seq: first + at,
    thread: 1,
    speaker: 1,
    name: '',
    date: 0,
    content: 'hello',
    deleted: false,
    mentions: [],
    reactions: [],
  }));

test('Who follows sees the last step of messages', () => {
  expect(shownAfter(600, messages(1, 1000), messages(1, 1001), true)).toBe(SHOWN_STEP);
});

test('Who reads further up keeps her first message when new ones come below', () => {
  expect(shownAfter(600, messages(1, 1000), messages(1, 1007), false)).toBe(607);
});

test('Older messages that were loaded in front do not push her place away', () => {
  expect(shownAfter(150, messages(51, 200), messages(1, 200), false)).toBe(150);
});

test('All of them were replaced by newer ones: the last step again', () => {
  expect(shownAfter(150, messages(1, 200), [], false)).toBe(SHOWN_STEP);
});
