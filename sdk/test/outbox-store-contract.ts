import type { StoredEntry } from '../src/outbox/entry.ts';
import type { OutboxStore } from '../src/outbox/store.ts';

/** Every store of the outbox keeps to these. No test runner in here: they run in a browser's page, too. */
export interface StoreRule {
  readonly name: string;
  /** Throws where the store breaks the rule. `open` opens the same storage again, as after a restart; it is empty at first. */
  readonly check: (open: () => OutboxStore) => Promise<void>;
}

const MING = 'https://school.example 1';
const ANNA = 'https://school.example 2';

const post = (id: string, content = `post ${id}`): StoredEntry => ({
  id,
  at: 1,
  action: 'post',
  thread: 7,
  content,
});

export const OUTBOX_STORE_RULES: readonly StoreRule[] = [
  {
    name: 'what was added is read, field by field',
    async check(open) {
      const store = open();
      const entries: StoredEntry[] = [
        { id: 'a', at: 1.5, action: 'post', thread: 7, content: '你好\n"\\ 😀', after: 4 },
        { id: 'b', at: 2, action: 'edit', thread: 7, message: 3, content: 'x' },
        { id: 'c', at: 3, action: 'react', thread: 7, message: 3, emoji: '👍', on: false },
        { id: 'd', at: 4, action: 'read', thread: 7, message: 3 },
        {
          ...post('e'),
          failure: { code: 102, error: 'thread_not_found', message: 'gone' },
        },
      ];
      for (const entry of entries) await store.add(MING, entry);
      await same(store, MING, entries);
    },
  },
  {
    name: 'what one user wrote is not read by another',
    async check(open) {
      const store = open();
      await store.add(MING, post('a', 'Ming’s'));
      await store.add(ANNA, post('a', 'Anna’s'));
      await store.add(`${MING}1`, post('b'));
      await same(store, MING, [post('a', 'Ming’s')]);
      await same(store, ANNA, [post('a', 'Anna’s')]);
      await store.remove(MING, ['a', 'b']);
      await same(store, MING, []);
      await same(store, ANNA, [post('a', 'Anna’s')]);
      await same(store, `${MING}1`, [post('b')]);
    },
  },
  {
    name: 'an update changes what is there, and brings nothing back',
    async check(open) {
      const store = open();
      await store.add(MING, post('a'));
      await store.update(MING, { ...post('a'), at: 9 });
      await store.update(MING, post('b'));
      await store.update(ANNA, post('a'));
      await same(store, MING, [{ ...post('a'), at: 9 }]);
      await same(store, ANNA, []);
    },
  },
  {
    name: 'changes take effect in the order in which they were asked for, though nobody waited in between',
    async check(open) {
      const store = open();
      const changes: Promise<void>[] = [];
      for (let i = 0; i < 50; i++) changes.push(store.add(MING, post(`${i}`)));
      for (let i = 0; i < 50; i += 2) changes.push(store.remove(MING, [`${i}`]));
      changes.push(store.add(MING, post('0', 'again')), store.update(MING, { ...post('1'), at: 9 }));
      await Promise.all(changes);
      const odd = Array.from({ length: 24 }, (_, i) => post(`${2 * i + 3}`));
      await same(store, MING, [post('0', 'again'), { ...post('1'), at: 9 }, ...odd]);
    },
  },
  {
    name: 'removing what is not there is no failure',
    async check(open) {
      const store = open();
      await store.remove(MING, ['a']);
      await store.remove(MING, []);
      await same(store, MING, []);
    },
  },
];

/** For stores whose entries outlive them. */
export const DURABLE_STORE_RULES: readonly StoreRule[] = [
  {
    name: 'what was kept is there for the next one',
    async check(open) {
      const store = open();
      for (let i = 0; i < 20; i++) await store.add(MING, post(`${i}`, '字'.repeat(8_000)));
      await store.remove(MING, ['3']);
      const kept = Array.from({ length: 20 }, (_, i) => post(`${i}`, '字'.repeat(8_000)));
      await same(
        open(),
        MING,
        kept.filter((entry) => entry.id !== '3'),
      );
    },
  },
];

async function same(store: OutboxStore, owner: string, expected: readonly StoredEntry[]): Promise<void> {
  const [found, wanted] = [await store.read(owner), expected].map(toText);
  if (found !== wanted) throw new Error(`It has ${found}, and should have ${wanted}.`);
}

function toText(entries: readonly StoredEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify(sorted.map((entry) => Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1))));
}
