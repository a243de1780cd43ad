import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { postgresAddress } from '@pokers/server/store/postgres/address';
import { PostgresPool } from '@pokers/server/store/postgres/pool';
import { failureOf } from '../actors/failure.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';

/** What PgBouncer lets a client say when it connects; whoever says more is sent away. */
const KNOWN_TO_POOLERS = ['user', 'database', 'client_encoding', 'application_name'];

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.end());

test('a pooler between is asked for nothing that it does not know', async () => {
  const said = Promise.withResolvers<Buffer>();
  const pooler = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (packet) => {
      said.resolve(packet as Buffer);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
  const address = pooler.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const pool = new PostgresPool(
    postgresAddress(`postgres://pokers@127.0.0.1:${port}/pokers`),
    () => undefined,
  );
  await failureOf(pool.use((session) => session.query('select 1')));
  // Its length and the version, then names and values, each ended by a 0.
  const words = (await said.promise).subarray(8).toString().split('\0').filter(Boolean);
  const names = words.filter((_, index) => index % 2 === 0);
  expect(names).toContain('user');
  for (const name of names) expect(KNOWN_TO_POOLERS).toContain(name);
  await pool.close();
  pooler.close();
});

test('no statement, no wait for a lock and no transaction that stands still lasts without end', async () => {
  const pool = new PostgresPool(postgresAddress(await postgres.create()), () => undefined);
  const { rows } = await pool.use((session) =>
    session.query(`select name, setting from pg_settings where name in
      ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`),
  );
  expect(rows).toHaveLength(3);
  for (const { setting } of rows) expect(Number(setting)).toBeWithin(1, 60_000);
  await pool.close();
});
