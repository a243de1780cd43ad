import { expect, test } from 'bun:test';
import { fileSize } from './file-size.ts';

test('Sizes are short', () => {
  expect(fileSize(0, 'en')).toBe('0 byte');
  expect(fileSize(812, 'en')).toBe('812 byte');
  expect(fileSize(3_440, 'en')).toBe('3.4 kB');
  expect(fileSize(12_300_000, 'en')).toBe('12 MB');
  expect(fileSize(5_000_000_000_000, 'en')).toBe('5,000 GB');
});
