import { expect, test } from 'bun:test';
import { withCalled } from './called.ts';

const marked = (text: string, ...names: string[]) =>
  withCalled(
    text,
    names.map((name) => ({ name, isReader: name === 'Ming' })),
  ).map((piece) =>
    typeof piece === 'string' ? piece : [piece.children, piece.props?.['class'] === 'called reader'],
  );

test('The names of those who are mentioned are made out, the reader’s own above all', () => {
  expect(marked('@Ming and @Lily, look', 'Lily', 'Ming')).toEqual([
    ['@Ming', true],
    ' and ',
    ['@Lily', false],
    ', look',
  ]);
  expect(marked('请@小明明天来', '小明')).toEqual(['请', ['@小明', false], '明天来']);
  expect(marked('@Ms Chen?', 'Ms Chen')).toEqual([['@Ms Chen', false], '?']);
});

test('What only looks like a mention is none', () => {
  expect(marked('@Lily is no @Li', 'Li')).toEqual(['@Lily is no ', ['@Li', false]]);
  expect(marked('@Lily and @Li', 'Li', 'Lily')).toEqual([['@Lily', false], ' and ', ['@Li', false]]);
  expect(marked('mail ming@test and @Wei', 'Ming')).toEqual(['mail ming@test and @Wei']);
  expect(marked('@a.c or @abc', 'a.c', '(x')).toEqual([['@a.c', false], ' or @abc']);
  expect(marked('nobody')).toEqual(['nobody']);
});
