import { expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { Role } from '@pokers/protocol/rights';
import { may, mayInThread } from './may.ts';

const MING = 5;
const as = (role: Role, more: Partial<ClassView> = {}): ClassView => ({
  id: 1,
  name: 'Class 7b',
  description: '',
  role,
  members: 3,
  joining: 'open',
  threads_by: 'students',
  ...more,
});
const thread = (more: Partial<ThreadView> = {}): ThreadView => ({
  id: 1,
  class: 1,
  name: 'Homework',
  creator: MING,
  date: 0,
  seq: 0,
  messages: 0,
  unread: 0,
  mentions: 0,
  ...more,
});

test('Ming renames the threads that he made, and no others', () => {
  expect(mayInThread('rename_thread', as('student'), thread(), MING)).toBe(true);
  expect(mayInThread('rename_thread', as('student'), thread({ creator: 9 }), MING)).toBe(false);
  expect(mayInThread('rename_thread', as('student'), thread({ archived: 7 }), MING)).toBe(false);
  expect(mayInThread('delete_thread', as('student'), thread(), MING)).toBe(false);
});

test('A teacher looks after every thread, but does not rename an archived one', () => {
  expect(mayInThread('lock_thread', as('teacher'), thread({ creator: 9 }), MING)).toBe(true);
  expect(mayInThread('rename_thread', as('teacher'), thread({ read_only: 7 }), MING)).toBe(true);
  expect(mayInThread('rename_thread', as('teacher'), thread({ archived: 7 }), MING)).toBe(false);
});

test('In an archived class the head takes it back, reads the log, and changes nothing else', () => {
  const classroom = as('head', { archived: 7 });
  expect(may('archive_class', classroom)).toBe(true);
  expect(may('see_audit', classroom)).toBe(true);
  expect(may('invite', classroom)).toBe(false);
  expect(may('set_class', classroom)).toBe(false);
});

test('Students and guests invite nobody', () => {
  expect(may('invite', as('student'))).toBe(false);
  expect(may('invite', as('guest'))).toBe(false);
  expect(may('leave_class', as('guest'))).toBe(true);
});
