import { expect, test } from 'bun:test';
import { countFilters, filtersOf, isAsked, NOTHING } from './wanted.ts';

const OPEN = { classId: 3, threadId: 7 };

test('A search goes everywhere, or to the class or the thread that is open', () => {
  expect(filtersOf(NOTHING, OPEN)).toMatchObject({ class: undefined, thread: undefined });
  expect(filtersOf({ ...NOTHING, scope: 'class' }, OPEN)).toMatchObject({ class: 3, thread: undefined });
  expect(filtersOf({ ...NOTHING, scope: 'thread' }, OPEN)).toMatchObject({ class: undefined, thread: 7 });
});

test('Both days are included, and the last one ends where the next begins', () => {
  const { since, until } = filtersOf({ ...NOTHING, since: '2026-02-28', until: '2026-02-28' }, OPEN);
  expect(since).toBe(new Date(2026, 1, 28).getTime() / 1000);
  expect(until).toBe(new Date(2026, 2, 1).getTime() / 1000);
  for (const day of ['', 'x', '2026-2-1'])
    expect(filtersOf({ ...NOTHING, since: day }, OPEN).since).toBeUndefined();
});

test('Words, a person or what it has are enough to look for; a day alone is not', () => {
  expect(isAsked({ ...NOTHING, text: '  ' })).toBe(false);
  expect(isAsked({ ...NOTHING, since: '2026-02-28' })).toBe(false);
  expect(isAsked({ ...NOTHING, text: '作' })).toBe(true);
  expect(isAsked({ ...NOTHING, person: { id: 1, name: 'Ming' } })).toBe(true);
  expect(countFilters({ ...NOTHING, has: 'image', since: '2026-02-28' })).toBe(2);
});
