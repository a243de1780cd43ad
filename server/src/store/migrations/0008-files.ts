import { type Kysely, sql } from 'kysely';

/**
 * Files that people upload. Triggers note when a message lets go of its file, whoever deletes it; a sweep then removes the
 * bytes, and the row after them, so that a crash in between leaves nothing behind.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`create table files (
      id integer primary key autoincrement, class_id integer not null references classes (id),
      uploader integer not null, name text not null, size integer not null,
      key text not null unique,                  -- where its bytes are
      sha256 text,                               -- what was said of it; once it is done, what it is
      preview text, type text, width integer, height integer,
      begun integer not null, done integer,      -- when its last byte was stored
      message integer,                           -- that it is attached to
      gone integer not null default 0)`,
    sql`create unique index files_message on files (message) where message is not null`,
    sql`create index files_unfinished on files (uploader) where done is null`,
    sql`create index files_unposted on files (begun) where message is null`,
    sql`create index files_gone on files (id) where gone = 1`,

    // Bytes that are taken, by class; 0 stands for the whole server.
    sql`create table file_space (class_id integer primary key, bytes integer not null)`,
    sql`create table file_days (
      day integer not null, user_id integer not null, bytes integer not null,  -- days since 1970
      primary key (day, user_id)) without rowid`,

    sql`alter table messages add column picture text`, // JSON: [width, height, preview?]
    sql`create index messages_files on messages (thread, id) where img_url is not null or file_url is not null`,
    // After the other, or SQLite would take that one for pictures, too.
    sql`create index messages_pictures on messages (thread, id) where img_url is not null`,
    sql`create trigger messages_let_go after update of deleted on messages
      when new.deleted is not null and old.deleted is null
      begin update files set gone = 1 where message = new.id; end`,
    sql`create trigger messages_purged after delete on messages
      begin update files set gone = 1 where message = old.id; end`,
  ];
  for (const step of steps) await step.execute(db);
}
