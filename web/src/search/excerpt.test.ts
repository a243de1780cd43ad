import { expect, test } from 'bun:test';
import { excerptOf } from './excerpt.ts';

const marked = (text: string, ranges: [number, number][]) =>
  excerptOf(text, ranges)
    .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
    .join('');

test('What was found is marked, at the beginning and at the end too', () => {
  expect(marked('明天交数学作业', [[5, 7]])).toBe('明天交数学[作业]');
  expect(marked('homework and home', [[0, 4], [13, 17]])).toBe('[home]work and [home]'); // biome-ignore format: one line
  expect(marked('nothing', [])).toBe('nothing');
  expect(excerptOf('', [])).toEqual([]);
});

test('Of a long text the part around the first place is shown', () => {
  const text = `${'a'.repeat(500)}here${'b'.repeat(500)}there`;
  const shown = marked(text, [
    [500, 504],
    [1004, 1009],
  ]);
  expect(shown).toBe(`…${'a'.repeat(60)}[here]${'b'.repeat(236)}…`);
});

test('No character is cut in two', () => {
  const text = `${'🗺'.repeat(100)}x`;
  for (let at = 100; at < 104; at++) expect(marked(text, [[at, at + 2]])).not.toMatch(/^…[\udc00-\udfff]/);
  expect(marked(`x${'🗺'.repeat(400)}`, [[0, 1]])).toMatch(/🗺…$/u);
});
