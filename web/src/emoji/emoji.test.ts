import { expect, test } from 'bun:test';
import { type Emoji, findEmoji, parseGroup } from './emoji.ts';

const GROUP = [
  '😄\tsmile\tgrinning face with smiling eyes\thappy joy',
  '😃\tsmiley\tgrinning face with big eyes\thappy',
  '🍎\tapple\tred apple\tfruit',
  '👍\t+1 thumbsup\tthumbs up\tyes good',
  '😂\tjoy\tface with tears of joy\tlaugh',
].join('\n');

const all = parseGroup(GROUP);
const found = (typed: string): string[] => findEmoji(all, typed, 9).map(({ emoji }: Emoji) => emoji);

test('The name itself comes first, then what begins so, then other words for it', () => {
  expect(found('smile')).toEqual(['😄', '😃']);
  expect(found('joy')).toEqual(['😂', '😄']);
  expect(found('HAPPY')).toEqual(['😄', '😃']);
  expect(found('+1')).toEqual(['👍']);
  expect(found('🍎')).toEqual(['🍎']);
  expect(found('apple')).toEqual(['🍎']);
  expect(found(' ')).toEqual([]);
  expect(found('xyz')).toEqual([]);
});

test('No more than are wanted', () => {
  expect(findEmoji(all, 'a', 2)).toHaveLength(2);
});
