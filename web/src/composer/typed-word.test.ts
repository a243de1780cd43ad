import { expect, test } from 'bun:test';
import { closedName, typedWord } from './typed-word.ts';

const emoji = (text: string) => {
  const word = typedWord(text);
  return word?.kind === 'emoji' ? word.typed : undefined;
};
const person = (text: string) => {
  const word = typedWord(text);
  return word?.kind === 'person' ? word.typed : undefined;
};

test('An emoji is looked for by two letters, or one Chinese character', () => {
  expect(emoji('so :smi')).toBe('smi');
  expect(emoji(':+1x')).toBe(undefined);
  expect(emoji(':thumbs_up')).toBe('thumbs_up');
  expect(emoji('好：笑')).toBe('笑');
  expect(emoji('好:笑')).toBe('笑');
  for (const text of [':s', 'at 8:30', 'see:', ':)', ':D', 'a:bc', 'http://x', ':smi le', '::smile'])
    expect({ text, typed: emoji(text) }).toEqual({ text, typed: undefined });
});

test('A person is looked for behind @, but not in an address', () => {
  expect(person('@')).toBe('');
  expect(person('hello @Mi')).toBe('Mi');
  expect(person('请@小')).toBe('小');
  expect(typedWord('hello @Mi')).toEqual({ kind: 'person', typed: 'Mi', start: 6 });
  for (const text of ['ming@test', 'a.b@c', '@Ming is', '@@x'])
    expect({ text, typed: person(text) }).toEqual({ text, typed: undefined });
});

test('A closed name', () => {
  expect(closedName('so :smile:')).toEqual({ name: 'smile', start: 3 });
  expect(closedName('at 8:30:')).toBeUndefined();
});
