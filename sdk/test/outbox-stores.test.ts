import { describe, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf } from '../../test/actors/failure.ts';
import { temporaryFolder } from '../../test/actors/server-process.ts';
import { FileOutboxStore } from '../src/file-outbox.ts';
import { MemoryOutboxStore } from '../src/index.ts';
import { DURABLE_STORE_RULES, OUTBOX_STORE_RULES } from './outbox-store-contract.ts';

/** IndexedDB keeps the same rules in a real browser: test/browser/outbox.test.ts. */

describe('the store in memory', () => {
  for (const { name, check } of OUTBOX_STORE_RULES) {
    test(name, () => {
      const store = new MemoryOutboxStore();
      return check(() => store);
    });
  }
});

describe('the store in a file', () => {
  for (const { name, check } of [...OUTBOX_STORE_RULES, ...DURABLE_STORE_RULES]) {
    test(name, () => inFolder((folder) => check(() => new FileOutboxStore(join(folder, 'outbox.jsonl')))));
  }

  const ming = 'https://school.example 1';
  const post = { id: 'a', at: 1, action: 'post', thread: 7, content: 'hello' } as const;

  test('it is one line for each entry, for nobody else’s eyes, and no other file is left', () =>
    inFolder(async (folder) => {
      const store = new FileOutboxStore(join(folder, 'outbox.jsonl'));
      await Promise.all([store.add(ming, post), store.add(ming, { ...post, id: 'b' })]);
      expect(readdirSync(folder)).toEqual(['outbox.jsonl']);
      const text = readFileSync(join(folder, 'outbox.jsonl'), 'utf8');
      expect(text.trimEnd().split('\n')).toHaveLength(2);
    }));

  test('a line that is none of ours does not take the others along', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'outbox.jsonl');
      await new FileOutboxStore(path).add(ming, post);
      appendFileSync(path, '{"owner":"x"}\n{"owner":"https://school.example 1","entry":{"id":1}}\n{"own');
      expect(await new FileOutboxStore(path).read(ming)).toEqual([post]);
    }));

  test('a folder that is not there is a failure, and later is not', () =>
    inFolder(async (folder) => {
      const store = new FileOutboxStore(join(folder, 'later', 'outbox.jsonl'));
      expect(await failureOf(store.add(ming, post))).toMatchObject({ code: 'ENOENT' });
      expect(await store.read(ming)).toEqual([]);
      mkdirSync(join(folder, 'later'));
      await store.add(ming, post);
      expect(await store.read(ming)).toEqual([post]);
      rmSync(join(folder, 'later'), { recursive: true });
    }));
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder('outbox');
  try {
    await work(folder.path);
  } finally {
    folder.remove();
  }
}
