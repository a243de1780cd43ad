import type { Database } from 'bun:sqlite';
import { ACCOUNT_QUERIES } from '../account-queries.ts';
import type { ChangeName, Changes } from '../changes.ts';
import { RowAccountStore } from '../row-account-store.ts';
import { SqliteReads } from './sqlite-statements.ts';
import type { Writer } from './writer.ts';

/** Reads on the caller's connection and thread; changes on the writer's. */
export class SqliteAccountStore extends RowAccountStore {
  constructor(reader: Database, writer: Pick<Writer, 'run'>) {
    super(new SqliteReads(reader, Object.values(ACCOUNT_QUERIES)), {
      change: <N extends ChangeName>(name: N, input: Parameters<Changes[N]>[0]) =>
        writer.run({ kind: 'change', name, input }) as Promise<ReturnType<Changes[N]>>,
    });
  }
}
