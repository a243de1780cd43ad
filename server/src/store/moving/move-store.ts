import { StartError } from '../../errors.ts';
import { storable } from '../postgres/storable-text.ts';
import type { MovableStore, Row } from './movable-store.ts';
import { MOVED_TABLES, OWN_META } from './moved-tables.ts';
import { TableSum } from './table-sum.ts';

export interface MovedTable {
  readonly table: string;
  readonly rows: number;
  /** The sum of the rows' SHA-256, the same on both sides. */
  readonly sha256: string;
}

/** Called now and then, and once for each table when it is there. */
export type OnMoved = (table: string, rows: number, isDone: boolean) => void;

/**
 * Copies everything, reads it back, and commits where each table came out with the same number and the same rows.
 * @throws StartError: the target is as it was then, but where it says that this is not known
 */
export async function moveStore(
  from: MovableStore,
  to: MovableStore,
  onMoved: OnMoved,
): Promise<MovedTable[]> {
  const moved = await copyAll(from, to, onMoved).catch((cause: unknown) => {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`It could not be moved: ${reasonOf(cause)}. Nothing was moved.`, { cause });
  });
  await to.commit().catch((cause: unknown) => {
    throw new StartError(
      `${to.place} did not say whether it kept all: ${reasonOf(cause)}. Try again: if it did, it says that it holds something.`,
      { cause },
    );
  });
  return moved;
}

async function copyAll(from: MovableStore, to: MovableStore, onMoved: OnMoved): Promise<MovedTable[]> {
  const moved: MovedTable[] = [];
  for (const table of MOVED_TABLES) {
    const read = await copy(from, to, table, (rows) => onMoved(table, rows, false));
    const written = await sumOf(to, table);
    if (read.rows !== written.rows || read.sha256 !== written.sha256)
      throw new StartError(
        `${table} came out different: ${written.rows} of ${read.rows} rows. Nothing was moved.`,
      );
    onMoved(table, read.rows, true);
    moved.push({ table, rows: read.rows, sha256: read.sha256 });
  }
  await to.setLastIds(await from.lastIds());
  await to.setSecret(await from.secret());
  return moved;
}

async function copy(
  from: MovableStore,
  to: MovableStore,
  table: string,
  onRows: (rows: number) => void,
): Promise<TableSum> {
  const sum = new TableSum();
  for await (const rows of from.rows(table)) {
    const some = rows.filter((row) => isMoved(table, row)).map(storableRow);
    for (const row of some) sum.add(row);
    try {
      await to.write(table, some);
    } catch (cause) {
      throw new StartError(`${table} could not be written: ${reasonOf(cause)}. Nothing was moved.`, {
        cause,
      });
    }
    onRows(sum.rows);
  }
  return sum;
}

async function sumOf(store: MovableStore, table: string): Promise<TableSum> {
  const sum = new TableSum();
  for await (const rows of store.rows(table)) for (const row of rows) if (isMoved(table, row)) sum.add(row);
  return sum;
}

function isMoved(table: string, row: Row): boolean {
  return table !== 'meta' || !OWN_META.has(row.key);
}

/** As PostgreSQL can keep it, so that moving there and back changes nothing any more. */
function storableRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, storable(value)]));
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
