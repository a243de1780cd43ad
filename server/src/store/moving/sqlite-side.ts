import type { Database } from 'bun:sqlite';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../../errors.ts';
import { databaseFile, migrate, openForWriting } from '../sqlite/database.ts';
import { claimFolder, type DataFolder, folderSecret } from '../sqlite/folder.ts';
import { type MovableStore, ROWS_AT_ONCE, type Row } from './movable-store.ts';

/** A data folder on which no server runs. @param isTarget it must hold no database @throws StartError */
export async function sqliteSide(path: string, isTarget: boolean): Promise<MovableStore> {
  const folder = claimFolder(path);
  if (isTarget !== folder.isNew) {
    folder.release();
    throw new StartError(
      isTarget
        ? `There is a database in ${path} already. Name another folder with --to.`
        : `There is no database in ${path}. Name the server's folder with --from.`,
    );
  }
  const keeps = isTarget ? emptied(join(path, MAKING)) : path;
  await migrate(keeps);
  return new SqliteSide(folder, keeps);
}

/** A new database is made in this folder of the data folder, and comes out when it is whole: killed on the way, it never was. */
const MAKING = 'moving';

function emptied(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  return path;
}

class SqliteSide implements MovableStore {
  readonly place: string;
  readonly #folder: DataFolder;
  readonly #db: Database;
  /** Where the database is until it is committed: elsewhere than in the end where it is a new one. */
  readonly #keeps: string;

  constructor(folder: DataFolder, keeps: string) {
    this.place = folder.path;
    this.#folder = folder;
    this.#keeps = keeps;
    this.#db = openForWriting(keeps);
    this.#db.run('pragma foreign_keys = off'); // tables come in order; that a row refers to is looked at by the sums
    this.#db.run('begin immediate');
    if (this.#isNew) this.#db.run('delete from meta');
  }

  get #isNew(): boolean {
    return this.#keeps !== this.place;
  }

  async *rows(table: string): AsyncIterable<readonly Row[]> {
    let some: Row[] = [];
    for (const row of this.#db.prepare<Row, []>(`select * from ${table}`).iterate()) {
      some.push(row);
      if (some.length < ROWS_AT_ONCE) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
  }

  async write(table: string, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {});
    if (columns.length === 0) return;
    const places = columns.map(() => '?').join();
    const insert = this.#db.query(`insert into ${table} (${columns.join()}) values (${places})`);
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
  }

  async lastIds(): Promise<ReadonlyMap<string, number>> {
    const rows = this.#db
      .query<{ name: string; seq: number }, []>('select name, seq from sqlite_sequence')
      .all();
    return new Map(rows.map(({ name, seq }) => [name, seq]));
  }

  async setLastIds(ids: ReadonlyMap<string, number>): Promise<void> {
    this.#db.run('delete from sqlite_sequence');
    const insert = this.#db.query('insert into sqlite_sequence (name, seq) values (?, ?)');
    for (const [table, id] of ids) insert.run(table, id);
  }

  async secret(): Promise<string> {
    return folderSecret(this.place);
  }

  async setSecret(secret: string): Promise<void> {
    writeFileSync(join(this.place, 'secret'), secret, { mode: 0o600 });
  }

  async commit(): Promise<void> {
    this.#db.run('commit');
    if (!this.#isNew) return;
    this.#db.run('pragma wal_checkpoint(truncate)');
    this.#db.close();
    renameSync(databaseFile(this.#keeps), databaseFile(this.place));
    syncFolder(this.place);
  }

  async close(): Promise<void> {
    this.#db.close(); // what was not committed is rolled back
    if (this.#isNew) rmSync(this.#keeps, { recursive: true, force: true });
    this.#folder.release();
  }
}

/** A new name of a file is on the disk only when its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
