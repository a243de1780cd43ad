import { type Database, SQLiteError } from 'bun:sqlite';
import { StartError } from '../errors.ts';
import { migrate, openForWriting } from '../store/sqlite/database.ts';
import { claimFolder } from '../store/sqlite/folder.ts';
import { importClasses } from './classes.ts';
import { ImportRun, type ImportStep } from './import-run.ts';
import { reserveIds } from './last-ids.ts';
import { LazerFolder } from './lazer-folder.ts';
import { importLogs } from './logs.ts';
import { compareMemberLists } from './memberships.ts';
import { importMessages } from './messages.ts';
import { importStars } from './stars.ts';
import type { ImportSummary } from './summary.ts';
import { FOREIGN } from './tables.ts';
import type { Tally } from './tally.ts';
import { importThreads } from './threads.ts';
import { importUsers } from './users.ts';

export type { ImportStep, ImportSummary };

export interface ImportOptions {
  /** The folder of the JSON database. It is only read. */
  readonly from: string;
  /** The data folder; made where there is none. No server may run on it. */
  readonly into: string;
  onProgress?(step: ImportStep): void;
}

/** SQLite's page cache during the import, in KiB: indexes of 1,000,000 messages fit, and 1 GB of memory is not strained. */
const CACHE_KIB = 64 * 1024;

/**
 * Brings the JSON database of the original into a data folder: all of it in one transaction, or nothing. Running it
 * again adds what is new in the source, and leaves alone what was imported before.
 * @throws UsageError where `from` is no Lazer folder; StartError where a file is torn or wrong (with file, line, record
 *   and reason), where an id belongs to something else in `into`, and where `into` is in use or cannot be written.
 */
export async function importLazer({ from, into, onProgress }: ImportOptions): Promise<ImportSummary> {
  const started = performance.now();
  const lazer = await LazerFolder.open(from);
  const folder = claimFolder(into);
  try {
    await migrate(into);
    const db = openForWriting(into);
    try {
      const { tables, remarks } = await inOneTransaction(db, () =>
        importAll(new ImportRun(db, lazer, onProgress), lazer),
      );
      tidyLog(db);
      return { from, into, seconds: (performance.now() - started) / 1000, tables, remarks };
    } finally {
      db.close();
    }
  } finally {
    folder.release();
  }
}

async function inOneTransaction<T>(db: Database, work: () => Promise<T>): Promise<T> {
  try {
    db.run(`pragma cache_size = -${CACHE_KIB}`);
    db.run('begin immediate');
    const result = await work();
    db.run('commit');
    return result;
  } catch (cause) {
    if (db.inTransaction) db.run('rollback');
    if (!(cause instanceof SQLiteError)) throw cause;
    throw new StartError(
      `The data folder cannot be written: ${cause.message}. Nothing was imported. Look for free space and rights there.`,
      { cause },
    );
  }
}

/** Brings the log back into the database file. All is committed by then, so where it fails a later start does it. */
function tidyLog(db: Database): void {
  try {
    db.run('pragma wal_checkpoint(truncate)');
  } catch (cause) {
    if (!(cause instanceof SQLiteError)) throw cause;
  }
}

async function importAll(run: ImportRun, lazer: LazerFolder): Promise<Tally> {
  const classes = await importClasses(run);
  await importUsers(run, classes);
  await compareMemberLists(run);
  const threads = await importThreads(run, classes);
  await importMessages(run, threads);
  await importLogs(run);
  await importStars(run);
  reserveIds(run.db, lazer);
  noteOtherTables(run.tally, lazer);
  lazer.assertUnchanged();
  return run.tally;
}

function noteOtherTables(tally: Tally, { missing, others }: LazerFolder): void {
  for (const name of missing) tally.noted(name, 'not there, so none was imported');
  for (const name of others) {
    tally.noted(
      name,
      FOREIGN.includes(name) ? 'not part of group chat, so not imported' : 'not known, so not imported',
    );
  }
}
