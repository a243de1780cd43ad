import { expect, test } from 'bun:test';
import { findTexts, TEXT_BYTES, textOf } from './post-text.ts';

function foundIn(frame: string, start = 0, end = frame.length): [number, number][] {
  const found: [number, number][] = [];
  findTexts(Buffer.from(frame), start, end, (number, sentAtUs) => found.push([number, sentAtUs]));
  return found;
}

test('All texts of a frame are found, with their numbers and times', () => {
  const [one, two] = [textOf(7, 1_800_000_000_000_001), textOf(999_999, 1_800_000_000_000_002)];
  expect(one).toHaveLength(TEXT_BYTES);
  expect(foundIn(`{"events":[{"content":"${one}"},{"content":"${two}"}]}`)).toEqual([
    [7, 1_800_000_000_000_001],
    [999_999, 1_800_000_000_000_002],
  ]);
});

test('What lies outside the frame is not', () => {
  const frames = textOf(1, 1) + textOf(2, 2) + textOf(3, 3);
  expect(foundIn(frames, TEXT_BYTES, 2 * TEXT_BYTES)).toEqual([[2, 2]]);
  expect(foundIn('{"op":"ping"}')).toEqual([]);
});
