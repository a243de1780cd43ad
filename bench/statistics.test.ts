import { expect, test } from 'bun:test';
import { spreadOf } from './statistics.ts';

test('The median lies in the middle, or between the two that do', () => {
  expect(spreadOf([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(() => spreadOf([])).toThrow(RangeError);
});
