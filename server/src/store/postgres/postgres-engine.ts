import { PostgresSearchIndex } from '../../search/postgres/postgres-search-index.ts';
import { ACCOUNT_QUERIES } from '../account-queries.ts';
import type { Claim, Engine, EngineHearer } from '../engine.ts';
import { RowAccountStore } from '../row-account-store.ts';
import { statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import { postgresAddress } from './address.ts';
import { kyselyOn } from './kysely-pool.ts';
import { migratePostgres } from './migrate.ts';
import { PostgresPool } from './pool.ts';
import { PostgresStore } from './postgres-store.ts';
import { PostgresReads } from './statements.ts';
import { PostgresWrites } from './writes.ts';

/** A PostgreSQL database that was claimed. @throws store_unavailable */
export async function openPostgres(url: string, { onTrouble }: EngineHearer): Promise<Engine> {
  const pool = new PostgresPool(postgresAddress(url), onTrouble);
  const reads = new PostgresReads(pool);
  const writes = new PostgresWrites(pool);
  const meta = new Map((await reads.all(META, {})).map(({ key, value }) => [key, value]));
  const store = new PostgresStore(pool, {
    epoch: meta.get('epoch') ?? '',
    db: kyselyOn<Tables>(pool),
    reads,
    writes,
  });
  return {
    store,
    accounts: new RowAccountStore(reads, writes),
    sessions: reads,
    db: kyselyOn<unknown>(pool),
    searchIndex: new PostgresSearchIndex(pool),
    secret: meta.get('secret') ?? '',
    get waiting() {
      return writes.waiting;
    },
    close: () => store.close(),
  };
}

/** @param warn told what people should know though it serves @throws StartError, UsageError */
export async function claimPostgres(url: string, warn: (message: string) => void): Promise<Claim> {
  const address = postgresAddress(url);
  await migratePostgres(address, warn);
  return {
    place: address.name,
    async hasHead() {
      const pool = new PostgresPool(address, () => undefined);
      try {
        return (await new PostgresReads(pool).get(ACCOUNT_QUERIES.hasHead, {})) !== undefined;
      } finally {
        await pool.close();
      }
    },
    async release() {},
  };
}

const META = statement<{ key: string; value: string }>('select key, value from meta');
