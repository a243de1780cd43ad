import { type Kysely, sql } from 'kysely';

/**
 * Which messages were edited, deleted or removed, for the index of search, which takes it in and then has it forgotten.
 * Posts are not noted: they cost what they did, and their ids tell of them. Triggers, so that whoever changes a message
 * (an import, a sweep, a person with `sqlite3`) need not think of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`create table search_changes (n integer primary key autoincrement, message integer not null)`,
    sql`create trigger messages_edited after update of content, img_url, file_url, file_name on messages
      when old.content is not new.content or old.img_url is not new.img_url or old.file_url is not new.file_url
        or old.file_name is not new.file_name
      begin insert into search_changes (message) values (new.id); end`,
    sql`create trigger messages_removed after delete on messages
      begin insert into search_changes (message) values (old.id); end`,
  ];
  for (const step of steps) await step.execute(db);
}
