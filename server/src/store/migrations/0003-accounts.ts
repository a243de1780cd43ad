import { type Kysely, sql } from 'kysely';
import { nameKey } from '../../accounts/name-key.ts';

/** Signing in by name, disabled accounts, API tokens, second factors, reset links, and the server's own settings. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`alter table users add column name_key text not null default ''`,
    sql`alter table users add column disabled integer`, // since when, Unix seconds
    sql`create index users_name on users (name_key)`,
    sql`create index users_heads on users (head) where head = 1`,
    sql`create unique index accounts_oidc on accounts (account_id) where provider_id = 'oidc'`,

    sql`create table tokens (
      id integer primary key autoincrement, user_id integer not null references users (id) on delete cascade,
      name text not null, hash text not null unique,   -- SHA-256 of the token, hex
      scopes text not null,                            -- with blanks between them
      created integer not null, expires integer, used integer)`,
    sql`create index tokens_user on tokens (user_id)`,

    sql`create table second_factors (
      user_id integer primary key references users (id) on delete cascade,
      secret text not null,                            -- sealed with the folder's secret
      confirmed integer not null default 0,
      step integer not null default 0,                 -- the last 30 s whose code was used: each is good once
      recovery text not null)`, // JSON: SHA-256 of the codes that are left, hex

    sql`create table reset_links (
      hash text primary key, user_id integer not null references users (id) on delete cascade,
      expires integer not null) without rowid`,
    sql`create index reset_links_user on reset_links (user_id, expires)`,

    sql`create table settings (key text primary key, value text not null) without rowid`,
  ];
  for (const step of steps) await step.execute(db);

  const { rows } = await sql<{ id: number; name: string }>`select id, name from users`.execute(db);
  for (const { id, name } of rows) {
    await sql`update users set name_key = ${nameKey(name)} where id = ${id}`.execute(db);
  }
}
