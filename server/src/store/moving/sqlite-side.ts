import type { Database } from 'bun:sqlite';
import { rmSync, writeFileSync } from 'node:fs';
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
  await migrate(path);
  return new SqliteSide(path, folder, isTarget);
}

class SqliteSide implements MovableStore {
  readonly place: string;
  readonly #folder: DataFolder;
  readonly #db: Database;
  /** Without a commit there is to be no database either. */
  #isToVanish: boolean;

  constructor(path: string, folder: DataFolder, isTarget: boolean) {
    this.place = path;
    this.#folder = folder;
    this.#db = openForWriting(path);
    this.#db.run('pragma foreign_keys = off'); // tables come in order; that a row refers to is looked at by the sums
    this.#db.run('begin immediate');
    if (isTarget) this.#db.run('delete from meta');
    this.#isToVanish = isTarget;
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
    this.#isToVanish = false;
  }

  async close(): Promise<void> {
    if (this.#db.inTransaction) this.#db.run('rollback');
    this.#db.close();
    if (this.#isToVanish)
      for (const ending of ['', '-wal', '-shm']) rmSync(databaseFile(this.place) + ending, { force: true });
    this.#folder.release();
  }
}
