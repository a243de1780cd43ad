import { expect, test } from 'bun:test';
import { checkCredentials } from './credentials.ts';

const MING = { name: 'Ming', email: 'ming@example.org', password: 'long enough' };

test('Ming signs up', () => {
  expect(checkCredentials(MING, true)).toEqual({});
});

test('Nothing was filled in', () => {
  const nothing = { name: '', email: '', password: '' };
  expect(checkCredentials(nothing, true)).toEqual({ name: 'missing', email: 'invalid', password: 'missing' });
  expect(checkCredentials(nothing, false)).toEqual({ email: 'invalid', password: 'missing' });
});

test('A short password is refused when it is new, and tried when it is old', () => {
  expect(checkCredentials({ ...MING, password: 'short' }, true)).toEqual({ password: 'short' });
  expect(checkCredentials({ ...MING, password: 'short' }, false)).toEqual({});
});
