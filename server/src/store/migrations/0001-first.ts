import { type Kysely, sql } from 'kysely';

/**
 * The first schema. Ids are never reused (AUTOINCREMENT), because clients keep them. Times are Unix seconds, except in
 * the accounts' own tables, whose dates are the account library's ISO texts.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const tables = [
    sql`create table meta (key text primary key, value text not null) without rowid`,

    sql`create table users (
      id integer primary key autoincrement, name text not null, email text not null unique,
      email_verified integer not null default 0, image text,
      type integer not null default 1,           -- the original's: 1 student, 2 teacher
      head integer not null default 0,           -- heads the server
      created_at text not null, updated_at text not null)`,
    sql`create table sessions (
      id integer primary key autoincrement, token text not null unique, expires_at text not null,
      user_id integer not null references users (id) on delete cascade, ip_address text, user_agent text,
      created_at text not null, updated_at text not null)`,
    sql`create index sessions_user on sessions (user_id)`,
    sql`create table accounts (
      id integer primary key autoincrement, account_id text not null, provider_id text not null,
      user_id integer not null references users (id) on delete cascade, password text,
      access_token text, refresh_token text, id_token text, access_token_expires_at text, refresh_token_expires_at text,
      scope text, created_at text not null, updated_at text not null)`,
    sql`create index accounts_user on accounts (user_id)`,
    sql`create table verifications (
      id integer primary key autoincrement, identifier text not null, value text not null, expires_at text not null,
      created_at text not null, updated_at text not null)`,
    sql`create index verifications_identifier on verifications (identifier)`,

    sql`create table classes (
      id integer primary key autoincrement, name text not null, description text not null default '', image text,
      code text not null unique, date integer)`,
    sql`create table members (
      class_id integer not null references classes (id), user_id integer not null references users (id),
      role text not null check (role in ('head', 'teacher', 'student')), date integer,
      primary key (user_id, class_id)) without rowid`,
    sql`create index members_class on members (class_id, user_id)`,

    sql`create table threads (
      id integer primary key autoincrement, class_id integer not null references classes (id), creator integer,
      name text not null, date integer,
      seq integer not null default 0, messages integer not null default 0, last integer)`,
    sql`create index threads_class on threads (class_id, last)`,

    sql`create table messages (
      id integer primary key autoincrement, thread integer not null references threads (id), class integer not null,
      seq integer not null,                      -- of its last change
      number integer not null,                   -- the how-manieth of its thread
      speaker integer not null, speaker_name text not null, is_super integer, type text not null, content text,
      date integer, img_url text, file_url text, file_name text, file_size integer,
      emoji_1 integer, emoji_2 integer, emoji_3 integer, log integer,
      nonce text, edited integer, deleted integer, pinned integer,
      reactions text,                            -- JSON: [[emoji, [user, …]], …], null for none
      awaits_announce integer not null default 0)`,
    sql`create unique index messages_seq on messages (thread, seq)`,
    sql`create index messages_thread on messages (thread, id)`,
    sql`create unique index messages_nonce on messages (speaker, nonce) where nonce is not null`,

    sql`create index messages_pinned on messages (thread, id) where pinned is not null`,

    // The nonces of changes to messages (those of posts stand on the messages), so that none takes effect twice.
    sql`create table changes (
      speaker integer not null, nonce text not null, message integer not null, kind text not null,
      date integer not null,
      primary key (speaker, nonce)) without rowid`,
    sql`create index changes_date on changes (date)`,
    sql`create table reads (
      user_id integer not null, thread integer not null, number integer not null,  -- of the last message that was read
      primary key (user_id, thread)) without rowid`,

    sql`create table logs (
      id integer primary key autoincrement, speaker integer, speaker_name text, class_id integer, content text,
      thread integer, date integer)`,
    sql`create table stars (
      id integer primary key autoincrement, user_id integer not null, class_id integer, type text, target integer)`,
    sql`create index stars_user on stars (user_id)`,
  ];
  for (const table of tables) await table.execute(db);
  await sql`insert into meta values ('epoch', ${crypto.randomUUID()})`.execute(db);
}
