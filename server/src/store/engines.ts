import type { Config } from '../config.ts';
import type { Claim, Engine, EngineHearer } from './engine.ts';
import { claimSqlite, openSqlite } from './sqlite/sqlite-engine.ts';

/** Where what is durable is kept. */
export type Place = Pick<Config, 'data' | 'database'>;

/** Opens what was claimed before. PostgreSQL's parts take memory, and are loaded only where it is used. */
export async function openEngine({ data, database }: Place, hearer: EngineHearer): Promise<Engine> {
  if (database === undefined) return openSqlite(data, hearer);
  const { openPostgres } = await import('./postgres/postgres-engine.ts');
  return openPostgres(database, hearer);
}

/** Claims the data, makes it where there is none, and brings it up to date. @throws StartError */
export async function claimData({ data, database }: Place, warn: (message: string) => void): Promise<Claim> {
  if (database === undefined)
    return claimSqlite(data, () => warn('the database was put back from a backup: clients will load anew'));
  const { claimPostgres } = await import('./postgres/postgres-engine.ts');
  return claimPostgres(database, warn);
}
