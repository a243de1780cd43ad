import { expect, test } from 'bun:test';
import { createCalendar, daysAgo } from './calendar.ts';

const seconds = (...parts: [number, number, number, number, number]): number =>
  new Date(...parts).getTime() / 1000;
const NOW = new Date(2024, 2, 5, 18, 0);

test('Yesterday begins at midnight, not 24 hours ago', () => {
  expect(daysAgo(seconds(2024, 2, 5, 0, 1), NOW)).toBe(0);
  expect(daysAgo(seconds(2024, 2, 4, 23, 59), NOW)).toBe(1);
  expect(daysAgo(seconds(2024, 1, 29, 12, 0), NOW)).toBe(5);
});

test('A list shows the time of today, the day of this year, and the year of others', () => {
  const calendar = createCalendar('zh-CN');
  expect(calendar.brief(seconds(2024, 2, 5, 14, 5), NOW)).toBe('14:05');
  expect(calendar.brief(seconds(2024, 1, 3, 8, 5), NOW)).toBe('2月3日');
  expect(calendar.brief(seconds(2023, 1, 3, 8, 5), NOW)).toBe('2023/2/3');
});

test('A day of another year carries its year', () => {
  const calendar = createCalendar('en-US');
  expect(calendar.day(seconds(2024, 1, 3, 8, 5), NOW)).toBe('Saturday, February 3');
  expect(calendar.day(seconds(2023, 1, 3, 8, 5), NOW)).toBe('February 3, 2023');
});
