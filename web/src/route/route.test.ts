import { expect, test } from 'bun:test';
import { above, formatRoute, parseRoute } from './route.ts';

test('A link to a thread names its class and itself', () => {
  expect(parseRoute('/c/12/t/34')).toEqual({ classId: 12, threadId: 34 });
  expect(parseRoute('/c/12/')).toEqual({ classId: 12 });
});

test('A link to a message names its thread too', () => {
  expect(parseRoute('/c/12/t/34/m/56')).toEqual({ classId: 12, threadId: 34, messageId: 56 });
  expect(above({ classId: 12, threadId: 34, messageId: 56 })).toEqual({ classId: 12 });
});

test('Any other path leads nowhere, and keeps its address', () => {
  for (const path of [
    '/nonsense/99',
    '/c/',
    '/c/0',
    '/c/x',
    '/c/1/t/',
    '/c/1/t/2/3',
    '/t/2',
    '/c/99999999999999999',
  ]) {
    expect(parseRoute(path)).toEqual({ nowhere: path });
    expect(formatRoute(parseRoute(path))).toBe(path);
  }
});

test('A route is written as it is read', () => {
  for (const path of ['/', '/c/12', '/c/12/t/34', '/c/12/t/34/m/56'])
    expect(formatRoute(parseRoute(path))).toBe(path);
});

test('Above a thread is its class, above a class the start', () => {
  expect(above({ classId: 12, threadId: 34 })).toEqual({ classId: 12 });
  expect(above({ classId: 12 })).toEqual({});
  expect(above({ nowhere: '/nonsense/99' })).toEqual({});
});

test('The pages of a class, of the reader, and those that a link leads to are routes too', () => {
  expect(parseRoute('/c/12/members')).toEqual({ classId: 12, classPage: 'members' });
  expect(parseRoute('/account')).toEqual({ page: 'account' });
  expect(parseRoute('/i/Ab_c-1')).toEqual({ page: 'invitation', token: 'Ab_c-1' });
  expect(parseRoute('/reset/xyz')).toEqual({ page: 'reset', token: 'xyz' });
  for (const path of ['/c/12/audit', '/server', '/i/abc', '/reset/abc'])
    expect(formatRoute(parseRoute(path))).toBe(path);
  expect(above({ classId: 12, classPage: 'audit' })).toEqual({ classId: 12 });
  expect(parseRoute('/c/12/nonsense')).toEqual({ nowhere: '/c/12/nonsense' });
});
