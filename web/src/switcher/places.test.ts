import { expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { foundPlaces, type Known, knownPlaces } from './places.ts';

const thread = (id: number, name: string, more: Partial<ThreadView> = {}) => ({
  id,
  class: 1,
  name,
  date: id,
  seq: 0,
  messages: 0,
  unread: 0,
  mentions: 0,
  within: 'Class 7b',
  ...more,
});

const KNOWN: Known = {
  classes: [{ id: 1, name: 'Class 7b' } as ClassView, { id: 2, name: 'Chess 象棋' } as ClassView],
  threads: [
    thread(1, 'Field trip'),
    thread(2, 'Homework 作业', { last: 90 }),
    thread(3, 'Work', { last: 50 }),
    thread(4, 'Old work', { archived: 3 }),
  ],
};

const names = (typed: string) => knownPlaces(KNOWN, typed).map(({ name }) => name);

test('Before anything is typed, the threads with the newest messages come first, and no archived ones', () => {
  expect(names('')).toEqual(['Homework 作业', 'Work', 'Field trip', 'Class 7b', 'Chess 象棋']);
});

test('What begins so comes before what has it, and that before what has the letters only', () => {
  expect(names('work')).toEqual(['Work', 'Homework 作业', 'Old work']);
  expect(names('hmwk')).toEqual(['Homework 作业']);
  expect(names('作')).toEqual(['Homework 作业']);
  expect(names('C7')).toEqual(['Class 7b']);
  expect(names('zzz')).toEqual([]);
});

test('What the server found keeps its order, with the class that a thread or person is in', () => {
  const places = foundPlaces({
    classes: [{ id: 2, name: 'Chess' }],
    threads: [{ id: 9, name: 'Zoo', class: 2, class_name: 'Chess' }],
    people: [{ id: 5, name: '张小明', class_name: 'Chess' }],
  });
  expect(places).toEqual([
    { kind: 'thread', id: 9, name: 'Zoo', classId: 2, within: 'Chess' },
    { kind: 'class', id: 2, name: 'Chess' },
    { kind: 'person', id: 5, name: '张小明', within: 'Chess' },
  ]);
});
