import type { Database, Statement } from 'bun:sqlite';

/** The ids of one table that were read so far: kept in a temporary table, so that memory does not grow with them. */
export class SeenIds {
  readonly #db: Database;
  readonly #add: Statement<unknown, [number]>;

  constructor(db: Database) {
    db.run('create temp table seen (id integer primary key)');
    this.#db = db;
    this.#add = db.query('insert or ignore into temp.seen values (?)');
  }

  clear(): void {
    this.#db.run('delete from temp.seen');
  }

  /** @returns false when it had been added already. */
  add(id: number): boolean {
    return this.#add.run(id).changes > 0;
  }
}
