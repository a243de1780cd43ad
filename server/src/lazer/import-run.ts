import type { Database } from 'bun:sqlite';
import type { LazerFolder } from './lazer-folder.ts';
import { SeenIds } from './seen-ids.ts';
import type { TableName, TableRow } from './tables.ts';
import { Tally } from './tally.ts';

/** How far the reading of one table's file is. The first step of a table has `doneBytes` 0, the last `totalBytes`. */
export interface ImportStep {
  readonly table: TableName;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** One import under way: what every table's step works with. */
export class ImportRun {
  readonly db: Database;
  readonly tally = new Tally();
  readonly #lazer: LazerFolder;
  readonly #seen: SeenIds;
  readonly #onProgress: ((step: ImportStep) => void) | undefined;

  constructor(db: Database, lazer: LazerFolder, onProgress: ((step: ImportStep) => void) | undefined) {
    this.db = db;
    this.#lazer = lazer;
    this.#seen = new SeenIds(db);
    this.#onProgress = onProgress;
  }

  /** Visits all rows of a table in the order of its file; none where an optional table is not there. */
  async each<N extends TableName>(name: N, visit: (row: TableRow<N>) => void): Promise<void> {
    this.#seen.clear();
    await this.#lazer.table(name)?.each(visit, {
      seen: this.#seen,
      onBytes: (doneBytes, totalBytes) => this.#onProgress?.({ table: name, doneBytes, totalBytes }),
      onChanged: (what, id) => this.tally.changed(name, what, id),
    });
  }

  /** The same once more, for what could not be known the first time; says nothing of it. */
  async eachAgain<N extends TableName>(name: N, visit: (row: TableRow<N>) => void): Promise<void> {
    this.#seen.clear();
    await this.#lazer.table(name)?.each(visit, { seen: this.#seen });
  }
}
