import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { phrasesOf } from '@pokers/server/search/phrases';
import { searchFile } from '@pokers/server/search/sqlite/search-file';
import { SqliteSearchIndex } from '@pokers/server/search/sqlite/sqlite-search-index';
import { forgetSearchChanges } from '@pokers/server/store/search-changes';
import { databaseFile, migrate, openForReading } from '@pokers/server/store/sqlite/database';
import { SqliteStore } from '@pokers/server/store/sqlite/sqlite-store';
import { Writer } from '@pokers/server/store/sqlite/writer';
import type { User } from '@pokers/server/store/store';
import { failureOf } from '../actors/failure.ts';
import { temporaryFolder } from '../actors/server-process.ts';
import { type IndexUnderTest, searchContract } from './search-contract.ts';

searchContract('SQLite', start);

interface OnSqlite extends IndexUnderTest {
  readonly index: SqliteSearchIndex;
  readonly folder: string;
  reopen(): Promise<SqliteSearchIndex>;
}

async function start(): Promise<OnSqlite> {
  const folder = temporaryFolder('search');
  await migrate(folder.path);
  const store = new SqliteStore(openForReading(folder.path), await Writer.start(folder.path));
  const reader = openForReading(folder.path);
  let index = new SqliteSearchIndex(folder.path, reader);
  const writing = <T>(work: (db: Database) => T): T => {
    const db = new Database(databaseFile(folder.path), { strict: true });
    db.run('pragma busy_timeout = 3000');
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return {
    folder: folder.path,
    store,
    index,
    keepsChanges: true,
    async addUser(name) {
      const user = writing((db) =>
        db
          .query<User, [string, string]>(
            "insert into users (name, email, created_at, updated_at) values (?, ?, '', '') returning id, name",
          )
          .get(name, crypto.randomUUID()),
      );
      if (!user) throw new Error('the user was not returned');
      return user;
    },
    attach(
      message,
      {
        image = null,
        file = null,
        name = null,
      }: { image?: string | null; file?: string | null; name?: string | null },
    ) {
      writing((db) =>
        db
          .query('update messages set img_url = ?, file_url = ?, file_name = ? where id = ?')
          .run(image, file, name, message),
      );
    },
    async reopen() {
      await index.close();
      index = new SqliteSearchIndex(folder.path, reader);
      return index;
    },
    async end() {
      await index.close();
      await store.close();
      reader.close();
      folder.remove();
    },
  };
}

/** A class of Ming's in which so many messages stand, none of them in the index. */
async function withHistory(count: number) {
  const under = await start();
  const { store } = under;
  const ming = await under.addUser('小明');
  const { id: classroom } = await store.createClassroom({
    name: 'A',
    description: '',
    code: 'CODE',
    head: ming.id,
    date: 1,
  });
  const { id: thread } = await store.createThread({ classroom, name: 'T', creator: ming.id, date: 1 });
  const draft = { thread, speaker: ming.id, speakerName: ming.name, isSuper: false, date: 1 };
  const ids = await Promise.all(
    Array.from(
      { length: count },
      async (_, at) => (await store.appendMessage({ ...draft, content: `历史 ${at}` })).message.id,
    ),
  );
  const found = async (index: SqliteSearchIndex, text = '历史') =>
    (await index.find({ phrases: phrasesOf(text), classes: [classroom], limit: count + 1 })).hits.map(
      ({ message }) => message.id,
    );
  return { ...under, ids: ids.sort((a, b) => b - a), found };
}

test('an old database is taken in from its newest message on, piece by piece, while new ones come', async () => {
  const { index, ids, found, end } = await withHistory(1_200);
  const numbers: number[] = [];
  for (let more = true; more; ) {
    ({ more } = await index.catchUp());
    const now = await found(index);
    expect(now).toEqual(ids.slice(0, now.length));
    numbers.push(now.length);
  }
  expect(numbers).toEqual([500, 1_000, 1_200]);
  await end();
});

test('an index that is damaged, lost, of another version or another store is made anew', async () => {
  const { index, ids, found, folder, reopen, end } = await withHistory(300);
  const all = async (again: SqliteSearchIndex) => {
    while ((await again.catchUp()).more);
    expect(await found(again)).toEqual(ids);
  };
  await all(index);
  const spoil: ((file: string) => void)[] = [
    (file) =>
      writeFileSync(file, 'this is no database, but a text that is long enough to be one. '.repeat(99)),
    (file) => rmSync(file),
    (file) => alter(file, "update state set made = '0/' || made"),
    (file) => alter(file, "update state set made = made || ' of another store'"),
  ];
  for (const change of spoil) {
    await (await reopen()).close();
    change(searchFile(folder));
    await all(await reopen());
  }
  await end();
});

const PAGE_BYTES = 4096;

function alter(file: string, text: string): void {
  const db = new Database(file);
  db.run(text);
  db.close();
}

test('pages that broke are noticed when they are read, and the index made anew', async () => {
  const { index, ids, found, folder, reopen, end } = await withHistory(1_500);
  while ((await index.catchUp()).more);
  await index.close();
  const file = searchFile(folder);
  const bytes = new Uint8Array(await Bun.file(file).arrayBuffer());
  expect(bytes.length).toBeGreaterThan(PAGE_BYTES * 20);
  writeFileSync(file, bytes.fill(0xff, PAGE_BYTES * 12)); // the tables are there, what they hold is not
  const again = await reopen();
  expect(String(await failureOf(found(again)))).toContain('the search index failed');
  while ((await again.catchUp()).more);
  expect(await found(again)).toEqual(ids);
  await end();
});

test('changes are forgotten up to where the index is, and no further', async () => {
  const { index, store, ids, found, end } = await withHistory(3);
  while ((await index.catchUp()).more);
  const edit = (message: number, content: string) =>
    store.changeMessage({ message, by: 1, change: { kind: 'edit', content }, date: 1 });
  await edit(ids[0] ?? 0, '第一 one');
  while ((await index.catchUp()).more);
  const settled = await index.settle();
  await edit(ids[1] ?? 0, '第二 two');
  await forgetSearchChanges(store, async () => settled);
  const left = await store.db.selectFrom('search_changes').selectAll().execute();
  expect(left.map(({ message }) => message)).toEqual([ids[1] ?? 0]);
  while ((await index.catchUp()).more);
  expect(await found(index, '第')).toEqual([ids[0] ?? 0, ids[1] ?? 0]);
  await end();
});

test('more searches than may wait are refused, and the rest answered', async () => {
  const { index, found, end } = await withHistory(3);
  while ((await index.catchUp()).more);
  const results = await Promise.allSettled(Array.from({ length: 150 }, () => found(index)));
  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(50);
  expect(await found(index)).toHaveLength(3);
  await end();
});
