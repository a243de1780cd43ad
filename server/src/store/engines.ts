import type { Config } from '../config.ts';
import type { Claim, Engine, EngineHearer } from './engine.ts';
import { claimSqlite, openSqlite } from './sqlite/sqlite-engine.ts';

type Place = Pick<Config, 'data'>;

/** Opens what was claimed before. */
export function openEngine({ data }: Place, hearer: EngineHearer): Promise<Engine> {
  return openSqlite(data, hearer);
}

/** Claims the data, makes it where there is none, and brings it up to date. @throws StartError */
export function claimData({ data }: Place, warn: (message: string) => void): Promise<Claim> {
  return claimSqlite(data, () => warn('the database was put back from a backup: clients will load anew'));
}
