import type { Database } from 'bun:sqlite';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openForReading, openForWriting } from './database.ts';

/** How often the mark is written, in ms: changes of the last minute are those whose loss it cannot tell. */
export const WATERMARK_MS = 60_000;

/**
 * How far the history had come, in a file beside the database. A database that stands lower than its mark was put back
 * from a backup: it gets a new epoch, so that clients forget what they hold instead of mixing two histories.
 */
export class Watermark {
  readonly #file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, 'watermark');
  }

  /** To be called before anyone is served. @returns whether the database was put back, and has a new epoch now */
  check(): boolean {
    const db = openForWriting(this.#folder);
    try {
      if (changesIn(db) >= this.#read()) return false;
      newEpoch(db);
      this.#write(changesIn(db));
      return true;
    } finally {
      db.close();
    }
  }

  /** A disk that refuses, or a database that cannot be read now, leaves the old mark: it is lower, which is safe. */
  save(): void {
    try {
      const db = openForReading(this.#folder);
      const changes = changesIn(db);
      db.close();
      this.#write(changes);
    } catch {
      // The next one will do.
    }
  }

  #read(): number {
    try {
      return Number(readFileSync(this.#file, 'utf8')) || 0;
    } catch {
      return 0; // there is none yet
    }
  }

  /** Whole or not at all: a torn mark could be too high. */
  #write(changes: number): void {
    writeFileSync(`${this.#file}.new`, `${changes}\n`, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

export function newEpoch(db: Database): void {
  db.query("update meta set value = ? where key = 'epoch'").run(crypto.randomUUID());
}

/** All durable changes in all threads. */
function changesIn(db: Database): number {
  const sum = db.query<{ changes: number }, []>('select coalesce(sum(seq), 0) as changes from threads');
  return sum.get()?.changes ?? 0;
}
