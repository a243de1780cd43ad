import { Database } from 'bun:sqlite';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { StartError } from '../../errors.ts';
import { databaseFile, migrate, openForWriting } from './database.ts';
import { claimFolder } from './folder.ts';
import { newEpoch } from './watermark.ts';

/** Writes the whole database, as it stands at this moment, into a new file. The server may run. @throws StartError */
export function backUp(folder: string, file: string): void {
  if (!existsSync(databaseFile(folder))) throw new StartError(`There is no database in ${folder}.`);
  if (existsSync(file)) throw new StartError(`${file} is there already. Name another file.`);
  const db = openForWriting(folder); // `vacuum into` only reads, but SQLite wants it so
  try {
    db.query('vacuum into ?').run(file);
  } catch (cause) {
    throw new StartError(`${file} cannot be written: ${reasonOf(cause)}`, { cause });
  } finally {
    db.close();
  }
}

/**
 * Puts a backup in the place of the database, with a new epoch, and keeps what was there beside it.
 * @returns where the former database is now, if there was one
 * @throws StartError when the server runs, or the file is not a whole database of ours: nothing is changed then
 */
export async function restore(folder: string, file: string): Promise<string | undefined> {
  checkBackup(file);
  const claim = claimFolder(folder);
  try {
    const database = databaseFile(folder);
    const former = claim.isNew ? undefined : `${database}.${new Date().toISOString().replace(/[:.]/g, '-')}`;
    copyFileSync(file, `${database}.new`);
    if (former) moveAside(folder, former);
    renameSync(`${database}.new`, database);
    await migrate(folder);
    const db = openForWriting(folder);
    newEpoch(db);
    db.close();
    rmSync(`${folder}/watermark`, { force: true });
    return former;
  } finally {
    claim.release();
  }
}

function checkBackup(file: string): void {
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`);
  let found: string | undefined;
  try {
    const db = new Database(file, { readonly: true });
    db.query("select value from meta where key = 'epoch'").get();
    found = db.query<{ quick_check: string }, []>('pragma quick_check(1)').get()?.quick_check;
    db.close();
  } catch (cause) {
    found = reasonOf(cause);
  }
  if (found !== 'ok')
    throw new StartError(`${file} is not a whole database of Pokers: ${found}. Nothing was changed.`);
}

/** With what its log still holds, so that the one file is the whole of it. A damaged one is moved as it is. */
function moveAside(folder: string, to: string): void {
  const database = databaseFile(folder);
  try {
    const db = openForWriting(folder);
    db.run('pragma wal_checkpoint(truncate)');
    db.close();
  } catch {
    // Damaged: that may be why it is replaced.
  }
  renameSync(database, to);
  for (const ending of ['-wal', '-shm'])
    if (existsSync(database + ending)) renameSync(database + ending, to + ending);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
