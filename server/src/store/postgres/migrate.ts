import { Kysely, type Migration, Migrator, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { StartError } from '../../errors.ts';
import type { PostgresAddress } from './address.ts';
import { reasonOf } from './failures.ts';
import { POSTGRES_MIGRATIONS } from './migrations/index.ts';

/** The oldest PostgreSQL that this is for: it is the oldest that is still looked after. */
const OLDEST_VERSION = 13;

/** How long it may take to reach it, in ms. */
const CONNECT_MS = 5_000;

/** Servers that start at the same time bring the schema up to date one after the other. */
const TURN = sql`select pg_advisory_lock(7003, 0)`;

/**
 * Brings the schema up to date, making it where there is none. A schema that a newer Pokers has brought further stays as
 * it is, unless that one has noted that older ones cannot use it (`meta.needs`: the name of a migration): so servers of
 * two versions can serve together while they are replaced one by one.
 * @param warn told where the schema is newer @throws StartError
 */
export async function migratePostgres(
  address: PostgresAddress,
  warn: (message: string) => void,
  migrations: Readonly<Record<string, Migration>> = POSTGRES_MIGRATIONS,
): Promise<void> {
  const client = new pg.Client({ ...address.options, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined); // whatever is asked next says so
  try {
    await client.connect();
    const db = kyselyOver(client);
    await refuseUnusable(db, address);
    await TURN.execute(db);
    if (await isNewer(db, address, Object.keys(migrations)))
      return warn('the database was brought further by a newer Pokers: this one uses it as it is');
    const provider = { getMigrations: async () => ({ ...migrations }) };
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    if (error) throw error;
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`The database ${address.name} cannot be used: ${reasonOf(cause)}.`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** All over one connection, which has the turn. */
function kyselyOver(client: pg.Client): Kysely<unknown> {
  const one = Object.assign(client, { release: () => undefined });
  return new Kysely({
    dialect: new PostgresDialect({ pool: { connect: async () => one, end: async () => undefined } }),
  });
}

async function refuseUnusable(db: Kysely<unknown>, { name }: PostgresAddress): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string }>`
    select current_setting('server_version_num')::integer / 10000 as version,
      current_setting('server_encoding') as encoding`.execute(db);
  const { version = 0, encoding = '' } = rows[0] ?? {};
  if (version < OLDEST_VERSION)
    throw new StartError(`${name} is PostgreSQL ${version}; Pokers needs ${OLDEST_VERSION} or later.`);
  if (encoding !== 'UTF8')
    throw new StartError(
      `${name} keeps texts as ${encoding}. Make a database with encoding UTF8 for Pokers.`,
    );
}

/** @throws StartError where what is there is of no use to this version */
async function isNewer(
  db: Kysely<unknown>,
  { name }: PostgresAddress,
  known: readonly string[],
): Promise<boolean> {
  const { rows: tables } = await sql`select 1 where to_regclass('kysely_migration') is not null`.execute(db);
  if (tables.length === 0) return false;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const done = rows.map((row) => row.name);
  if (done.every((each) => known.includes(each))) return false;
  const { rows: needs } = await sql<{ value: string }>`select value from meta where key = 'needs'`.execute(
    db,
  );
  const needed = needs[0]?.value;
  if (!known.every((each) => done.includes(each)) || (needed !== undefined && !known.includes(needed)))
    throw new StartError(`${name} was made by a newer Pokers. Update this one, then start again.`);
  return true;
}
