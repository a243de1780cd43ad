import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, openForReading } from '@pokers/server/store/sqlite/database';
import { claimFolder } from '@pokers/server/store/sqlite/folder';
import { SqliteStore } from '@pokers/server/store/sqlite/sqlite-store';
import { Writer } from '@pokers/server/store/sqlite/writer';
import type { User } from '@pokers/server/store/store';
import { failureOf } from '../actors/failure.ts';
import { temporaryFolder } from '../actors/server-process.ts';
import { storeContract } from './store-contract.ts';

storeContract('SQLite', async () => {
  const folder = temporaryFolder('store');
  await migrate(folder.path);
  const open = async () => {
    const writer = await Writer.start(folder.path);
    return new SqliteStore(openForReading(folder.path), writer);
  };
  let store = await open();
  return {
    store,
    async addUser(name) {
      const db = new Database(join(folder.path, 'pokers.db'));
      const user = db
        .query<User, [string, string]>(
          "insert into users (name, email, created_at, updated_at) values (?, ?, '', '') returning id, name",
        )
        .get(name, crypto.randomUUID());
      db.close();
      if (!user) throw new Error('the user was not returned');
      return user;
    },
    async reopen() {
      await store.close();
      store = await open();
      return store;
    },
    async end() {
      await store.close();
      folder.remove();
    },
  };
});

test('a data folder has one user at a time, until that one ends', () => {
  const folder = temporaryFolder('claim');
  const first = claimFolder(folder.path);
  expect(first.isNew).toBe(true);
  expect(() => claimFolder(folder.path)).toThrow('in use by another Pokers');
  first.release();
  claimFolder(folder.path).release();
  folder.remove();
});

test('a file that is no database, and one from the future, are refused with a plain word', async () => {
  const folder = temporaryFolder('damaged');
  writeFileSync(join(folder.path, 'pokers.db'), 'this is not a database, just a long enough line of text');
  expect(String(await failureOf(migrate(folder.path)))).toContain('put back a backup');
  folder.remove();

  const newer = temporaryFolder('newer');
  await migrate(newer.path);
  const db = new Database(join(newer.path, 'pokers.db'));
  db.run("insert into kysely_migration values ('9999-future', '2999-01-01')");
  db.close();
  expect(String(await failureOf(migrate(newer.path)))).toContain('made by a newer Pokers');
  newer.remove();
});
