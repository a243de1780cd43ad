import type { Database } from 'bun:sqlite';
import { MOVED_TABLES } from '@pokers/server/store/moving/moved-tables';
import { migrate, openForWriting } from '@pokers/server/store/sqlite/database';

/** What texts may hold, and what goes wrong on the way where someone was not careful. */
const TEXTS = [
  '你好 👩‍👧‍👦 é',
  `'single' "double" \\backslash\\n \t tab\r\nline\u2028`,
  '{"json": [null]}',
  '',
];

/** Far above what 32 bits hold. */
const MUCH = 2 ** 40;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

/** A new data folder in which every table that is moved holds rows, with nothing in what may hold nothing in every other one. */
export async function fillFolder(path: string, rows: number): Promise<void> {
  await migrate(path);
  const db = openForWriting(path);
  db.run('pragma foreign_keys = off');
  db.run('begin');
  for (const table of MOVED_TABLES) if (table !== 'meta') fill(db, table, rows);
  db.run('commit');
  db.close();
}

/** All that is in a data folder, by table. */
export function readFolder(path: string): Map<string, unknown[]> {
  const db = openForWriting(path);
  const all = new Map<string, unknown[]>();
  for (const table of MOVED_TABLES) all.set(table, db.query(`select * from ${table} order by 1, 2`).all());
  db.close();
  return all;
}

function fill(db: Database, table: string, rows: number): void {
  const columns = db.query<Column, []>(`pragma table_info(${table})`).all();
  const referring = new Set(
    db
      .query<{ from: string }, []>(`pragma foreign_key_list(${table})`)
      .all()
      .map(({ from }) => from),
  );
  const unique = uniqueColumns(db, table);
  const insert = db.query(
    `insert into ${table} (${columns.map(({ name }) => name).join()}) values (${columns.map(() => '?').join()})`,
  );
  for (let row = 1; row <= rows; row++)
    insert.run(
      ...columns.map((column) => {
        const mustDiffer = column.pk > 0 || unique.has(column.name);
        if (column.name === 'role') return 'student';
        if (!column.notnull && !mustDiffer && row % 2 === 0) return null;
        if (/int/i.test(column.type))
          return mustDiffer || referring.has(column.name) ? row : numberFor(column.name, row);
        const text = TEXTS[row % TEXTS.length] ?? '';
        return mustDiffer ? `${row} ${text}` : text;
      }),
    );
}

/** Times and sizes may be large; the others are numbers of things, levels and flags. */
function numberFor(column: string, row: number): number {
  return /^(date|size|bytes|begun|done|last|expires|used|until|created)$/.test(column) ? MUCH + row : row % 2;
}

function uniqueColumns(db: Database, table: string): Set<string> {
  const indexes = db.query<{ name: string; unique: number }, []>(`pragma index_list(${table})`).all();
  return new Set(
    indexes
      .filter((index) => index.unique === 1)
      .flatMap(({ name }) =>
        db
          .query<{ name: string }, []>(`pragma index_info(${JSON.stringify(name)})`)
          .all()
          .map((column) => column.name),
      ),
  );
}
