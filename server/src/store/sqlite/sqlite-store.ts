import type { Database } from 'bun:sqlite';
import { Kysely } from 'kysely';
import type { ChangeName, Changes } from '../changes.ts';
import { QUERIES } from '../queries.ts';
import { RowStore } from '../row-store.ts';
import type { Appended } from '../store.ts';
import type { Tables } from '../tables.ts';
import { SqliteReads } from './sqlite-statements.ts';
import type { Writer } from './writer.ts';
import { writerDialect } from './writer-dialect.ts';

/** Reads on a connection of its own, in the caller's thread; changes on the writer's. */
export class SqliteStore extends RowStore {
  readonly #reader: Database;
  readonly #writer: Writer;

  /** @param reader a connection of `openForReading`, which the store closes when it is closed */
  constructor(reader: Database, writer: Writer) {
    const reads = new SqliteReads(reader, Object.values(QUERIES));
    super({
      epoch: reads.get(QUERIES.epoch, {})?.value ?? '',
      db: new Kysely<Tables>({ dialect: writerDialect(writer, reader) }),
      reads,
      writes: {
        append: (draft) => writer.run({ kind: 'append', draft }) as Promise<Appended>,
        change: <N extends ChangeName>(name: N, input: Parameters<Changes[N]>[0]) =>
          writer.run({ kind: 'change', name, input }) as Promise<ReturnType<Changes[N]>>,
        steps: (steps) => writer.run({ kind: 'steps', steps }) as Promise<Record<string, unknown>[][]>,
      },
    });
    this.#reader = reader;
    this.#writer = writer;
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#reader.close();
  }
}
