import { type Kysely, sql } from 'kysely';

/** See SQLite's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table kept_mutes (
    class_id bigint not null references classes (id), user_id bigint not null references users (id),
    until bigint not null, primary key (class_id, user_id))`.execute(db);
  await sql`create index kept_mutes_until on kept_mutes (until)`.execute(db);
}
