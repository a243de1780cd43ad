import { afterAll, beforeAll } from 'bun:test';
import { postgresAddress } from '@pokers/server/store/postgres/address';
import { migratePostgres } from '@pokers/server/store/postgres/migrate';
import { openPostgres } from '@pokers/server/store/postgres/postgres-engine';
import type { User } from '@pokers/server/store/store';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { storeContract } from '../store/store-contract.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.end());

storeContract('PostgreSQL', async () => {
  const url = await postgres.create();
  await migratePostgres(postgresAddress(url), (message) => {
    throw new Error(message);
  });
  const open = () => openPostgres(url, { onTrouble: () => undefined });
  let engine = await open();
  return {
    store: engine.store,
    async addUser(name) {
      const [user] = await postgres.ask<User>(
        url,
        "insert into users (name, email, created_at, updated_at) values ($1, $2, '', '') returning id::integer, name",
        [name, crypto.randomUUID()],
      );
      if (!user) throw new Error('the user was not returned');
      return user;
    },
    async reopen() {
      await engine.close();
      engine = await open();
      return engine.store;
    },
    end: () => engine.close(),
  };
});
