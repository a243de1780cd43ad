import { type Kysely, sql } from 'kysely';

/** Mutes of those who left a class, so that coming back ends none. Unix seconds. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kept_mutes (
    class_id integer not null references classes (id), user_id integer not null references users (id),
    until integer not null, primary key (class_id, user_id))`.execute(db);
  await sql`create index kept_mutes_until on kept_mutes (until)`.execute(db);
}
