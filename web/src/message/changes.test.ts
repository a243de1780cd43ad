import { expect, test } from 'bun:test';
import type { ChatMessage } from '@pokers/sdk';
import { type ChangeEntry, withChanges } from './changes.ts';

const MING = 1;
const LI = 2;

const message: ChatMessage = {
  id: 7,
  seq: 10,
  thread: 1,
  speaker: LI,
  name: 'Li',
  date: 100,
  content: 'hello',
  deleted: false,
  pinned: 105,
  mentions: [],
  reactions: [{ emoji: '👍', count: 2, users: [LI, 3] }],
};
const base = { id: 'a', at: 200_000.5, thread: 1, message: 7, status: 'pending', kept: true } as const;
const react = (emoji: string, on: boolean): ChangeEntry => ({ ...base, action: 'react', emoji, on });
const edit: ChangeEntry = { ...base, action: 'edit', content: 'hello!' };

test('An edit shows before it is answered, and until its event has come', () => {
  expect(withChanges(message, [{ entry: edit }], LI)).toMatchObject({ content: 'hello!', edited: 200 });
  expect(withChanges(message, [{ entry: edit, seq: 11 }], LI).content).toBe('hello!');
  expect(withChanges({ ...message, seq: 11 }, [{ entry: edit, seq: 11 }], LI).content).toBe('hello');
});

test('A change to another message changes nothing', () => {
  expect(withChanges(message, [{ entry: { ...edit, message: 8 } }], LI)).toBe(message);
});

test('Ming’s thumb counts once, and its taking off takes only his away', () => {
  const on = withChanges(message, [{ entry: react('👍', true) }], MING);
  expect(on.reactions).toEqual([{ emoji: '👍', count: 3, users: [LI, 3, MING] }]);
  expect(withChanges(on, [{ entry: react('👍', true) }], MING).reactions).toEqual(on.reactions);
  expect(withChanges(on, [{ entry: react('👍', false) }], MING).reactions).toEqual([
    { emoji: '👍', count: 2, users: [LI, 3] },
  ]);
});

test('A first emoji comes last, and the last of an emoji goes with it', () => {
  const on = withChanges(message, [{ entry: react('🎉', true) }], MING);
  expect(on.reactions.map(({ emoji }) => emoji)).toEqual(['👍', '🎉']);
  expect(withChanges(on, [{ entry: react('🎉', false) }], MING).reactions).toEqual(message.reactions);
  expect(withChanges(message, [{ entry: react('🎉', false) }], MING).reactions).toEqual(message.reactions);
});

test('Pins and deletions', () => {
  expect('pinned' in withChanges(message, [{ entry: { ...base, action: 'pin', on: false } }], LI)).toBe(
    false,
  );
  const gone = withChanges(message, [{ entry: edit }, { entry: { ...base, action: 'delete' } }], LI);
  expect(gone).toMatchObject({ deleted: true, content: '', mentions: [], reactions: [] });
});
