import { type Kysely, sql } from 'kysely';
import { newPushKey } from '../../migrations/0006-notifications.ts';

/** See SQLite's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`create table push_subscriptions (
      session_id bigint primary key references sessions (id) on delete cascade, user_id bigint not null,
      endpoint text collate "C" not null unique, p256dh text not null, auth text not null, language text not null,
      origin text not null)`,
    sql`create index push_subscriptions_user on push_subscriptions (user_id)`,
    sql`create table notify_settings (
      user_id bigint primary key references users (id) on delete cascade,
      level text not null, content smallint not null, quiet_from bigint, quiet_until bigint, zone text)`,
    sql`create table notify_levels (
      user_id bigint not null references users (id) on delete cascade, class_id bigint not null,
      thread_id bigint not null default 0, level text not null, primary key (user_id, class_id, thread_id))`,
  ];
  for (const step of steps) await step.execute(db);
  await sql`insert into meta (key, value) values ('push_key', ${newPushKey()})`.execute(db);
}
