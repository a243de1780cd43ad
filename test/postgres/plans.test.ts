import { afterAll, beforeAll, expect, test } from 'bun:test';
import { foundClass, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

const POSTS = 400;

/** Rows of messages that may be read for a post, on average: for its nonce, and once more for the index of search. */
const READ_MAX = 5;

const COUNTED = `select (seq_tup_read + idx_tup_fetch)::integer as read, n_tup_ins::integer as written
  from pg_stat_user_tables where relname = 'messages'`;

let postgres: PostgresServer;
const folder = temporaryFolder('plans');
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres.end();
  folder.remove();
});

test('in a new database, too, a post reads no more the more there is, though plans were made while it was empty', async () => {
  const database = await postgres.create();
  const server = await startServerProcess(folder.path, '--database', database);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const client = await V2Client.open(server.socketUrl, ming);
  for (let count = 0; count < POSTS; count++)
    await client.get<'post'>({ action: 'post', thread: thread.id, content: 'x', nonce: `nonce ${count}` });
  client.close();
  await server.stop();
  for (;;) {
    const [counted] = await postgres.ask<{ read: number; written: number }>(database, COUNTED);
    if (counted?.written !== POSTS) continue; // its connections are just ending
    expect(counted.read).toBeLessThan(POSTS * READ_MAX);
    break;
  }
}, 60_000);
