import { type Kysely, sql } from 'kysely';

/**
 * Indexes whose cost does not grow with the history.
 *
 * - Nonces are found by nonce first. Those of our clients begin with the time, so new ones come to lie side by side at
 *   the end; by speaker first, each post touched a page of its own, anywhere in the index.
 * - The threads of a class lie in the order in which they are listed, so that a list need not sort all of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`drop index messages_nonce`,
    sql`create unique index messages_nonce on messages (nonce, speaker) where nonce is not null`,
    sql`create table changes_by_nonce (
      speaker integer not null, nonce text not null, message integer not null, kind text not null,
      date integer not null,
      primary key (nonce, speaker)) without rowid`,
    sql`insert into changes_by_nonce select speaker, nonce, message, kind, date from changes`,
    sql`drop table changes`,
    sql`alter table changes_by_nonce rename to changes`,
    sql`create index changes_date on changes (date)`,

    sql`drop index threads_class`,
    sql`create index threads_class on threads (class_id, coalesce(last, date) desc, id desc)`,
  ];
  for (const step of steps) await step.execute(db);
}
