import { type Kysely, sql } from 'kysely';

/**
 * What messages have to do with each other and with people: which one they answer, whom they mention, who starred them,
 * and up to which one somebody has read. A mention of everyone has user 0.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`alter table messages add column reply integer`,
    sql`alter table messages add column mentions text`, // JSON: [user, …], null for none
    sql`create table mentions (
      user_id integer not null, thread integer not null, number integer not null,  -- the message's number in its thread
      primary key (user_id, thread, number)) without rowid`,
    sql`alter table reads add column message integer`, // the id of the one with this number; null from before
    sql`create table starred (
      id integer primary key autoincrement, user_id integer not null, message integer not null, date integer not null)`,
    sql`create unique index starred_user on starred (user_id, message)`,
    sql`create index starred_message on starred (message)`,
  ];
  for (const step of steps) await step.execute(db);
}
