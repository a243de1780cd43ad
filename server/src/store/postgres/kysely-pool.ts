import { Kysely, type PostgresPool as PoolOfKysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type { PostgresPool } from './pool.ts';

/** Kysely over the pool: each statement is durable when its promise resolves. @throws store_unavailable */
export function kyselyOn<Tables>(pool: PostgresPool): Kysely<Tables> {
  const ofKysely: PoolOfKysely = {
    connect: async () => {
      const { query, release } = await pool.take();
      return { query, release } as PostgresPoolClient;
    },
    // The pool is not Kysely's alone: the engine ends it.
    end: async () => undefined,
  };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: ofKysely }) });
}
