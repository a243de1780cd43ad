import { generateKeyPairSync } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/** What people want to be notified of, where it is sent to, and the key by which push services know this server (VAPID). */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`create table push_subscriptions (
      session_id integer primary key references sessions (id) on delete cascade, user_id integer not null,
      endpoint text not null unique, p256dh text not null, auth text not null, language text not null,
      origin text not null)`, // where this browser finds the server
    sql`create index push_subscriptions_user on push_subscriptions (user_id)`,

    sql`create table notify_settings (
      user_id integer primary key references users (id) on delete cascade,
      level text not null, content integer not null,
      quiet_from integer, quiet_until integer, zone text)`, // minutes after midnight
    sql`create table notify_levels (
      user_id integer not null references users (id) on delete cascade, class_id integer not null,
      thread_id integer not null default 0,            -- 0: for the class
      level text not null, primary key (user_id, class_id, thread_id))`,
  ];
  for (const step of steps) await step.execute(db);
  await sql`insert into meta (key, value) values ('push_key', ${newPushKey()})`.execute(db);
}

/** A private key on P-256 as a JWK, in JSON. */
export function newPushKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify(privateKey.export({ format: 'jwk' }));
}
