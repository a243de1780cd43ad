import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { MovableStore } from '../store/moving/movable-store.ts';
import { moveStore, type OnMoved } from '../store/moving/move-store.ts';
import { postgresSide } from '../store/moving/postgres-side.ts';
import { sqliteSide } from '../store/moving/sqlite-side.ts';

export interface MigrateStoreOptions {
  readonly from: string;
  readonly to: string;
  readonly json: boolean;
}

/** `pokers migrate-store`. @throws StartError, UsageError: nothing was moved then */
export async function migrateStoreCommand({ from, to, json }: MigrateStoreOptions): Promise<void> {
  if (isPostgres(from) === isPostgres(to))
    throw new UsageError(
      '--from and --to must be a data folder and a PostgreSQL database, either way round.',
    );
  const source = await open(from, false);
  let target: MovableStore | undefined;
  try {
    target = await open(to, true);
    const tables = await moveStore(source, target, progressOn(process.stderr));
    const facts = { from: source.place, to: target.place, tables };
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const sentence = `All ${rows} rows of ${source.place} are in ${target.place}, and were compared. Files stay where they are.`;
    process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${sentence}\n`);
  } finally {
    await target?.close();
    await source.close();
  }
}

function isPostgres(text: string): boolean {
  return /^postgres(ql)?:/i.test(text);
}

function open(where: string, isTarget: boolean): Promise<MovableStore> {
  return isPostgres(where) ? postgresSide(where, isTarget) : sqliteSide(resolve(where), isTarget);
}

/** A line for each table; at a terminal it counts while it grows. */
function progressOn(stream: NodeJS.WriteStream): OnMoved {
  return (table, rows, isDone) => {
    if (isDone && rows > 0) stream.write(`${stream.isTTY ? '\r' : ''}${table}: ${rows} rows\n`);
    else if (!isDone && stream.isTTY) stream.write(`\r${table}: ${rows} rows`);
  };
}
