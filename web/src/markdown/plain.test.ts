import { expect, test } from 'bun:test';
import { plainExcerpt } from './plain.ts';

test('A quote of a message has its words, and none of its marks', () => {
  for (const [text, plain] of [
    ['# Trip\n\n- [x] **bus** and `tickets`\n- _lunch_', 'Trip bus and tickets lunch'],
    ['> 明天**八点**在[校门](https://school.example)集合', '明天八点在校门集合'],
    ['```ts\nconst a = 1;\n```\nlook', 'const a = 1; look'],
    ['1. one\n2. ~~two~~', 'one two'],
    ['| a | b |\n| - | - |\n| 1 | 2 |', '| a | b | | 1 | 2 |'],
  ] as const)
    expect(plainExcerpt(text)).toBe(plain);
});

test('What is no mark stays', () => {
  for (const text of [
    '2 * 3 * 4',
    'snake_case_name',
    'a ** b',
    '5 > 3',
    '@小明 -1 #1',
    '>_<',
    '$5',
    '~ tea ~',
  ])
    expect(plainExcerpt(text)).toBe(text);
});

test('A text that is nothing but marks takes no time', () => {
  const begun = performance.now();
  for (const mark of ['*', '_', '~', '`', '[', '[a](', '> ', '- '] as const)
    plainExcerpt(mark.repeat(20_000));
  expect(performance.now() - begun).toBeLessThan(200);
});
