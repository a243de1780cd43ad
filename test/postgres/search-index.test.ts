import { afterAll, beforeAll, expect, test } from 'bun:test';
import { phrasesOf } from '@pokers/server/search/phrases';
import { postgresAddress } from '@pokers/server/store/postgres/address';
import { migratePostgres } from '@pokers/server/store/postgres/migrate';
import { openPostgres } from '@pokers/server/store/postgres/postgres-engine';
import type { User } from '@pokers/server/store/store';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { type IndexUnderTest, searchContract } from '../search/search-contract.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.end());

searchContract('PostgreSQL', start);

async function start(): Promise<IndexUnderTest> {
  const url = await postgres.create();
  await migratePostgres(postgresAddress(url), () => undefined);
  const open = () => openPostgres(url, { onTrouble: () => undefined });
  const { store, close } = await open();
  let engine = await open();
  return {
    store,
    index: engine.searchIndex,
    keepsChanges: false,
    async addUser(name) {
      const [user] = await postgres.ask<User>(
        url,
        "insert into users (name, email, created_at, updated_at) values ($1, $2, '', '') returning id::integer, name",
        [name, crypto.randomUUID()],
      );
      if (!user) throw new Error('the user was not returned');
      return user;
    },
    async attach(message, { image = null, file = null, name = null }) {
      const values = [image, file, name, message];
      await postgres.ask(
        url,
        'update messages set img_url = $1, file_url = $2, file_name = $3 where id = $4',
        values,
      );
    },
    async reopen() {
      await engine.close();
      engine = await open();
      return engine.searchIndex;
    },
    async end() {
      await engine.close();
      await close();
    },
  };
}

test('what two processes take in at the same time is found by both, wherever it was posted', async () => {
  const { store, index, addUser, reopen, end } = await start();
  const ming = await addUser('小明');
  const draft = { name: 'A', description: '', code: 'CODE', head: ming.id, date: 1 };
  const { id: classroom } = await store.createClassroom(draft);
  const { id: thread } = await store.createThread({ classroom, name: 'T', creator: ming.id, date: 1 });
  const say = (content: string) =>
    store.appendMessage({
      thread,
      speaker: ming.id,
      speakerName: ming.name,
      isSuper: false,
      content,
      date: 1,
    });
  await Promise.all(Array.from({ length: 1_200 }, (_, at) => say(`历史 ${at}`)));
  const other = await reopen();
  for (let more = true; more; more = await other.isBehind())
    await Promise.all([other.catchUp(), other.catchUp(), other.catchUp()]);
  const page = await other.find({ phrases: phrasesOf('历史'), classes: [classroom], limit: 2_000 });
  expect(page.hits).toHaveLength(1_200);
  expect(page).toMatchObject({ pending: 0 });
  expect(index).not.toBe(other);
  await end();
});

test('more searches than may wait are refused, and the rest answered', async () => {
  const { index, end } = await start();
  const find = () => index.find({ phrases: phrasesOf('历史'), classes: [1], limit: 10 });
  const results = await Promise.allSettled(Array.from({ length: 150 }, find));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(47); // 3 at work, 100 that wait
  expect(await find()).toMatchObject({ hits: [] });
  await end();
});
