import { expect, test } from 'bun:test';
import { MIGRATIONS } from '@pokers/server/store/migrations/index';
import { bunDialect } from '@pokers/server/store/sqlite/bun-dialect';
import { migrate, openForReading, openForWriting } from '@pokers/server/store/sqlite/database';
import { Kysely, Migrator } from 'kysely';
import { temporaryFolder } from '../actors/server-process.ts';

test('a database of the first schema keeps its messages and nonces when it is brought up to date', async () => {
  const folder = temporaryFolder('migrations');
  const db = openForWriting(folder.path);
  const { '0001-first': first } = MIGRATIONS;
  if (!first) throw new Error('there is no first migration');
  const kysely = new Kysely<unknown>({ dialect: bunDialect(db) });
  const provider = { getMigrations: async () => ({ '0001-first': first }) };
  expect((await new Migrator({ db: kysely, provider }).migrateToLatest()).error).toBeUndefined();
  db.run("insert into classes (name, code) values ('A class', 'CODE')");
  db.run("insert into threads (class_id, name) values (1, 'A thread')");
  db.run(`insert into messages (thread, class, seq, number, speaker, speaker_name, type, content, nonce)
    values (1, 1, 1, 1, 1, 'Ming', 'text', 'hello', 'a nonce')`);
  db.run("insert into changes values (1, 'another nonce', 1, 'pin', 100)");
  await kysely.destroy();

  await migrate(folder.path);
  const after = openForReading(folder.path);
  const all = (table: string) => after.query(`select * from ${table}`).all();
  expect(all('messages')).toMatchObject([{ id: 1, speaker: 1, nonce: 'a nonce' }]);
  expect(all('changes')).toEqual([
    { speaker: 1, nonce: 'another nonce', message: 1, kind: 'pin', date: 100 },
  ]);
  after.close();
  folder.remove();
});
