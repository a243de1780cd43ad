import { afterAll, beforeAll, expect, test } from 'bun:test';
import { MIGRATIONS } from '@pokers/server/store/migrations/index';
import { postgresAddress } from '@pokers/server/store/postgres/address';
import { migratePostgres } from '@pokers/server/store/postgres/migrate';
import { POSTGRES_MIGRATIONS } from '@pokers/server/store/postgres/migrations/index';
import { migrate, openForReading } from '@pokers/server/store/sqlite/database';
import { sql } from 'kysely';
import { failureOf } from '../actors/failure.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { temporaryFolder } from '../actors/server-process.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.end());

const warnings: string[] = [];
const bringUp = (url: string, migrations = POSTGRES_MIGRATIONS) =>
  migratePostgres(postgresAddress(url), (message) => warnings.push(message), migrations);

/** What PostgreSQL has beside SQLite: the index of search, which is a file of its own there. */
const OURS_ALONE = new Set(['search_texts']);

test('PostgreSQL has the tables and columns of SQLite, and may leave out the same', async () => {
  const url = await postgres.create();
  await bringUp(url);
  expect(await columnsOnPostgres(url)).toEqual(await columnsOnSqlite());
});

test('every migration since the fifth has its counterpart', () => {
  const names = (all: object) => Object.keys(all).filter((name) => name > '0006');
  expect(names(POSTGRES_MIGRATIONS)).toEqual(names(MIGRATIONS));
});

test('servers that start at the same time bring the schema up to date once', async () => {
  const url = await postgres.create();
  await Promise.all(Array.from({ length: 6 }, () => bringUp(url)));
  const done = await postgres.ask<{ name: string }>(url, 'select name from kysely_migration order by name');
  expect(done.map(({ name }) => name)).toEqual(Object.keys(POSTGRES_MIGRATIONS));
  const epochs = await postgres.ask(url, "select value from meta where key = 'epoch'");
  expect(epochs).toHaveLength(1);
});

test('an older server uses what a newer one has added to, and refuses what it cannot use', async () => {
  const url = await postgres.create();
  const newer = {
    '9998-next': { up: (db) => sql`alter table classes add column colour text`.execute(db).then(() => {}) },
  } satisfies typeof POSTGRES_MIGRATIONS;
  await bringUp(url, { ...POSTGRES_MIGRATIONS, ...newer });
  await bringUp(url);
  expect(warnings).toEqual([expect.stringContaining('by a newer Pokers')]);
  await postgres.ask(url, "insert into meta values ('needs', '9998-next')");
  expect(String(await failureOf(bringUp(url)))).toContain('made by a newer Pokers');
});

test('what cannot be used is refused in one line: no server, no database, another encoding', async () => {
  const url = await postgres.create();
  const nowhere = url.replace(/:\d+\//, ':1/');
  const nothing = url.replace(/[^/]+$/, 'not_there');
  expect(String(await failureOf(bringUp(nowhere)))).toContain('cannot be used');
  expect(String(await failureOf(bringUp(nothing)))).toContain('"not_there" does not exist');
  await postgres.ask(url, "create database latin encoding 'LATIN1' template template0");
  expect(String(await failureOf(bringUp(url.replace(/[^/]+$/, 'latin'))))).toContain('encoding UTF8');
});

interface Column {
  readonly table: string;
  readonly column: string;
  readonly optional: boolean;
}

async function columnsOnPostgres(url: string): Promise<string[]> {
  const columns = await postgres.ask<Column>(
    url,
    `select table_name as table, column_name as column,
       is_nullable = 'YES' or column_default is not null or is_identity = 'YES' as optional
     from information_schema.columns where table_schema = 'public'`,
  );
  return said(columns.filter(({ table }) => !OURS_ALONE.has(table)));
}

async function columnsOnSqlite(): Promise<string[]> {
  const folder = temporaryFolder('schema');
  await migrate(folder.path);
  const db = openForReading(folder.path);
  const columns = db
    .query<Omit<Column, 'optional'> & { optional: number }, []>(
      `select t.name as "table", c.name as "column",
         c."notnull" = 0 and c.pk = 0 or c.dflt_value is not null or (c.pk = 1 and c.name in ('id', 'n')) as optional
       from sqlite_schema t join pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'sqlite_%'`,
    )
    .all();
  db.close();
  folder.remove();
  return said(columns.map((column) => ({ ...column, optional: column.optional === 1 })));
}

function said(columns: readonly Column[]): string[] {
  return columns
    .filter(({ table }) => !table.startsWith('kysely_'))
    .map(({ table, column, optional }) => `${table}.${column}${optional ? '?' : ''}`)
    .sort();
}
