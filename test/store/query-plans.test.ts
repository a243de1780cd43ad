import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { SESSION_QUERIES } from '@pokers/server/store/account-queries';
import { CHANGE_STATEMENTS } from '@pokers/server/store/changes';
import { Appending } from '@pokers/server/store/sqlite/appending';
import { databaseFile, migrate } from '@pokers/server/store/sqlite/database';
import { SqliteAccountStore } from '@pokers/server/store/sqlite/sqlite-account-store';
import { SqliteReads, SqliteSteps } from '@pokers/server/store/sqlite/sqlite-statements';
import { SqliteStore } from '@pokers/server/store/sqlite/sqlite-store';
import { Writer } from '@pokers/server/store/sqlite/writer';
import { temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('plans');
await migrate(folder.path);
const db = new Database(databaseFile(folder.path), { strict: true });

/** Every statement that is prepared. */
const texts: string[] = [];
const query = db.query.bind(db);
db.query = ((text: string) => {
  texts.push(text);
  return query(text);
}) as typeof db.query;
const writer = await Writer.start(folder.path);
const store = new SqliteStore(db, writer);
new SqliteAccountStore(db, writer);
new SqliteSteps(db, CHANGE_STATEMENTS);
new Appending(db);
new SqliteReads(db, Object.values(SESSION_QUERIES));
afterAll(async () => {
  await store.close();
  folder.remove();
});

/** What SQLite would do, step by step. It keeps no statistics here, so that this does not depend on what is stored. */
function planOf(text: string): string[] {
  const steps = db.prepare<{ detail: string }, []>(`explain query plan ${text}`).all();
  return steps.map(({ detail }) => detail);
}

test.each(texts.map((text) => [text.replace(/\s+/g, ' ')]))(
  'finds rows by an index, and in order: %s',
  (text) => {
    for (const step of planOf(text)) {
      expect(step).not.toStartWith('SCAN');
      expect(step).not.toContain('TEMP B-TREE');
    }
  },
);

test('a page of history, the changes since a seq and the threads of a class are read from their indexes', () => {
  const planWith = (part: string): string =>
    texts
      .filter((text) => text.includes(part))
      .flatMap(planOf)
      .join();
  expect(planWith('id < $before')).toContain('messages_thread (thread=? AND id<?)');
  expect(planWith('img_url is not null\n     order')).toContain('messages_pictures (thread=? AND id<?)');
  expect(planWith('or file_url is not null')).toContain('messages_files (thread=? AND id<?)');
  expect(planWith('seq > $after')).toContain('messages_seq (thread=? AND seq>?)');
  expect(planWith('order by coalesce')).toContain('threads_class (class_id=?)');
  expect(planWith('from messages where nonce')).toContain('messages_nonce (nonce=? AND speaker=?)');
});
