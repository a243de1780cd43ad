import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import { StartError } from '../../errors.ts';
import { MIGRATIONS } from '../migrations/index.ts';
import { bunDialect } from './bun-dialect.ts';

export const databaseFile = (folder: string): string => join(folder, 'pokers.db');

/** How long a connection waits for another process's write, in ms. A group commit takes a few. */
const BUSY_MS = 3_000;

/** Pages in the WAL before it is written back, and the size in bytes that it is cut to afterwards. */
const WAL_PAGES = 4_000;
const WAL_BYTES = 64 * 1024 * 1024;

/** A connection that may write: WAL, and a commit returns when the data is on disk. */
export function openForWriting(folder: string): Database {
  const db = new Database(databaseFile(folder), { create: true, strict: true });
  db.run(`pragma busy_timeout = ${BUSY_MS}`);
  db.run('pragma journal_mode = wal');
  db.run('pragma synchronous = full');
  db.run('pragma foreign_keys = on');
  db.run(`pragma wal_autocheckpoint = ${WAL_PAGES}`);
  db.run(`pragma journal_size_limit = ${WAL_BYTES}`);
  return db;
}

/** A connection that only reads. In WAL mode it never waits for a writer. */
export function openForReading(folder: string): Database {
  const db = new Database(databaseFile(folder), { readonly: true, strict: true });
  db.run(`pragma busy_timeout = ${BUSY_MS}`);
  db.run('pragma query_only = on');
  return db;
}

/**
 * Brings the schema up to date, making the database where there is none.
 * @throws StartError when it is no database of ours, is damaged, or was made by a newer Pokers.
 */
export async function migrate(folder: string): Promise<void> {
  let db: Database;
  try {
    db = openForWriting(folder);
  } catch (cause) {
    throw damaged(folder, cause);
  }
  const kysely = new Kysely<unknown>({ dialect: bunDialect(db) });
  try {
    checkPages(db, folder);
    const { error } = await new Migrator({
      db: kysely,
      provider: { getMigrations: async () => MIGRATIONS },
    }).migrateToLatest();
    if (error) throw damaged(folder, error);
  } finally {
    await kysely.destroy();
  }
}

/** Reads the whole file once: some 0.25 s for a million messages, which finds torn and missing pages before anyone does. */
function checkPages(db: Database, folder: string): void {
  let found: string | undefined;
  try {
    found = db.query<{ quick_check: string }, []>('pragma quick_check(1)').get()?.quick_check;
  } catch (cause) {
    throw damaged(folder, cause);
  }
  if (found !== 'ok') throw damaged(folder, found);
}

function damaged(folder: string, cause: unknown): StartError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/previously executed migration .* is missing/.test(reason)) {
    return new StartError(
      `${databaseFile(folder)} was made by a newer Pokers. Update this one, then start again.`,
      { cause },
    );
  }
  const file = databaseFile(folder);
  return new StartError(
    `${file} cannot be used: ${reason.replaceAll('\n', ' ')}. Nothing was changed. If the file is damaged, put back a backup of the folder, or try: sqlite3 ${file} .recover`,
    { cause },
  );
}
