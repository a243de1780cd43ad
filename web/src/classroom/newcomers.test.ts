import { expect, test } from 'bun:test';
import { createNewcomers } from './newcomers.ts';

const [MING, ANNA, OSCAR] = [1, 2, 3] as const;
const [PHYSICS, CHOIR] = [10, 11] as const;

test('Who speaks for the first time in a class is new there, once', () => {
  let news = 0;
  const newcomers = createNewcomers(() => news++);
  newcomers.heard(PHYSICS, [MING, ANNA, MING]);
  expect(news).toBe(1);
  newcomers.heard(PHYSICS, [ANNA]);
  newcomers.heard(PHYSICS, []);
  expect(news).toBe(1);
  newcomers.heard(PHYSICS, [MING, OSCAR]);
  expect(news).toBe(2);
  newcomers.heard(CHOIR, [OSCAR]);
  expect(news).toBe(3);
});

test('Who spoke there before is not new', () => {
  let news = 0;
  const newcomers = createNewcomers(() => news++);
  newcomers.met(PHYSICS, [MING, ANNA]);
  newcomers.heard(PHYSICS, [MING]);
  expect(news).toBe(0);
  newcomers.heard(PHYSICS, [OSCAR]);
  expect(news).toBe(1);
});
