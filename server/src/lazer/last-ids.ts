import type { Database } from 'bun:sqlite';
import type { LazerFolder } from './lazer-folder.ts';
import { TABLE_NAMES } from './tables.ts';

/**
 * No id that the original ever gave is given again, not even one of a row that it has deleted. (The ids of the rows
 * themselves SQLite takes note of when they are inserted.)
 */
export function reserveIds(db: Database, lazer: LazerFolder): void {
  const raise = db.query<unknown, [number, string]>(
    'update sqlite_sequence set seq = max(seq, ?) where name = ?',
  );
  const insert = db.query<unknown, [number, string]>('insert into sqlite_sequence (seq, name) values (?, ?)');
  for (const name of TABLE_NAMES) {
    const lastId = lazer.table(name)?.config.lastId ?? 0;
    const table = name === 'marks' ? 'stars' : name;
    if (raise.run(lastId, table).changes === 0) insert.run(lastId, table);
  }
}
