import { expect, test } from 'bun:test';
import type { ChatMessage } from '@pokers/sdk';
import { firstUnreadOf, type Row, timelineOf } from './timeline.ts';

const NOON = Math.floor(new Date(2024, 2, 5, 12, 0).getTime() / 1000);
const MING = 1;
const LI = 2;

let nextId = 1;
const said = (speaker: number, date: number): ChatMessage => ({
  id: nextId++,
  seq: nextId,
  thread: 1,
  speaker,
  name: '',
  date,
  content: 'hello',
  deleted: false,
  mentions: [],
  reactions: [],
});
const shape = (rows: readonly Row[]): string[] =>
  rows.map((row) => (row.kind !== 'message' ? row.kind : row.leads ? 'lead' : 'follow'));

test('What Ming says in one go is one group; Li opens another', () => {
  expect(
    shape(timelineOf([said(MING, NOON), said(MING, NOON + 20), said(LI, NOON + 30), said(MING, NOON + 40)])),
  ).toEqual(['day', 'lead', 'follow', 'lead', 'lead']);
});

test('Five minutes later Ming opens a new group', () => {
  expect(
    shape(
      timelineOf([said(MING, NOON), said(MING, NOON + 299), said(MING, NOON + 598), said(MING, NOON + 900)]),
    ),
  ).toEqual(['day', 'lead', 'follow', 'follow', 'lead']);
});

test('A new day stands between, even in the middle of a group', () => {
  const midnight = Math.floor(new Date(2024, 2, 6).getTime() / 1000);
  expect(shape(timelineOf([said(MING, midnight - 10), said(MING, midnight + 10)]))).toEqual([
    'day',
    'lead',
    'day',
    'lead',
  ]);
});

test('A message without a date opens no day', () => {
  expect(shape(timelineOf([said(MING, 0), said(LI, NOON), said(LI, 0)]))).toEqual([
    'lead',
    'day',
    'lead',
    'follow',
  ]);
});

test('Rows keep their keys when older messages come in front', () => {
  const messages = [said(MING, NOON - 40), said(MING, NOON), said(LI, NOON + 5)];
  const whole = timelineOf(messages).map(({ key }) => key);
  const tail = timelineOf(messages.slice(1)).filter(({ kind }) => kind === 'message');
  for (const { key } of tail) expect(whole).toContain(key);
});

test('What is new stands below a line, and opens a group', () => {
  const messages = [said(MING, NOON), said(MING, NOON + 10), said(MING, NOON + 20)];
  const [first, second, third] = messages.map(({ id }) => id);
  expect(shape(timelineOf(messages, second))).toEqual(['day', 'lead', 'new', 'lead', 'follow']);
  expect(firstUnreadOf(messages, first, LI, false)).toBe(second);
  expect(firstUnreadOf(messages, third, LI, false)).toBeUndefined();
});

test('Nothing is new where Li has read nothing yet, in what Ming himself said, and where the line may be further up', () => {
  const messages = [said(MING, NOON), said(MING, NOON + 10)];
  const before = (messages[0]?.id ?? 0) - 1;
  expect(firstUnreadOf(messages, undefined, LI, false)).toBeUndefined();
  expect(firstUnreadOf(messages, before, MING, false)).toBeUndefined();
  expect(firstUnreadOf(messages, before, LI, true)).toBeUndefined();
  expect(firstUnreadOf(messages, before, LI, false)).toBe(messages[0]?.id);
});
