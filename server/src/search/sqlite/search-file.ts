import { Database } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/** What the index holds of the store, beside the words themselves. */
export interface IndexState {
  /** All messages above `low`, up to `high`, are in it, as they were after the change `applied`. */
  readonly low: number;
  readonly high: number;
  readonly applied: number;
}

/** Of this file's tables and of what `indexText` makes: with another number everything is indexed anew. */
const VERSION = 1;

/** How long another process's piece of work is waited for, in ms. */
const BUSY_MS = 5_000;

/** In pages and bytes, as in the store's own file. */
const WAL_PAGES = 4_000;
const WAL_BYTES = 64 * 1024 * 1024;

export const searchFile = (folder: string): string => join(folder, 'search.db');

/**
 * Opens the index beside a store, empty where there is none, where it is of another store or version, or is damaged.
 * It is a file of its own: backups need not hold it, and the start need not check it. A crash can take its last commits
 * (`synchronous = normal`), never half of one.
 * @param reader a connection to the store
 */
export function openSearchFile(folder: string, reader: Database): Database {
  try {
    return open(folder, reader);
  } catch (cause) {
    if (!isDamaged(cause)) throw cause;
    removeFile(folder);
    return open(folder, reader);
  }
}

export function isDamaged(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

export function removeFile(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${searchFile(folder)}${end}`, { force: true });
}

function open(folder: string, reader: Database): Database {
  const db = new Database(searchFile(folder), { create: true, strict: true });
  try {
    db.run(`pragma busy_timeout = ${BUSY_MS}`);
    db.run('pragma journal_mode = wal');
    db.run('pragma synchronous = normal');
    db.run(`pragma wal_autocheckpoint = ${WAL_PAGES}`);
    db.run(`pragma journal_size_limit = ${WAL_BYTES}`);
    db.transaction(() => begin(db, reader)).immediate();
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function begin(db: Database, reader: Database): void {
  const epoch = reader
    .query<{ value: string }, []>("select value from meta where key = 'epoch'")
    .get()?.value;
  const made = `${VERSION}/${epoch}`;
  const isThere = db.query("select 1 from sqlite_schema where name = 'state'").get() !== null;
  if (isThere && db.query<{ made: string }, []>('select made from state').get()?.made === made) return;
  for (const table of ['words', 'dates', 'state']) db.run(`drop table if exists ${table}`);
  // The text itself stands in the store alone. Words of two and more letters can be looked for by their beginning:
  // such words have two or three letters at least, so that Han characters are not in these indexes.
  db.run(`create virtual table words using fts5 (
    text, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'ascii tokenchars _')`);
  // The dates of messages by 4,096 ids: see DateRanges.
  db.run('create table dates (block integer primary key, since integer not null, until integer not null)');
  db.run(
    'create table state (made text not null, low integer not null, high integer not null, applied integer not null)',
  );
  // First what was changed, then what there is: a change between the two is seen twice rather than never.
  const applied = lastOf(reader, "select seq as last from sqlite_sequence where name = 'search_changes'");
  const newest = lastOf(reader, 'select max(id) as last from messages');
  db.query('insert into state values ($made, $newest, $newest, $applied)').run({ made, newest, applied });
}

function lastOf(reader: Database, text: string): number {
  return reader.query<{ last: number | null }, []>(text).get()?.last ?? 0;
}
