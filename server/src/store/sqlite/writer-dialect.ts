import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Writer } from './writer.ts';
import type { QueryResult as WriterResult } from './writer-protocol.ts';

/**
 * Kysely whose statements run on the writer thread, each durable when its promise resolves. For the accounts' own
 * tables. Transactions over several calls are refused: they would hold up everyone's; make it one change instead.
 */
export function writerDialect(writer: Writer): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WriterDriver(writer),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WriterDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(writer: Writer) {
    this.#connection = new WriterConnection(writer);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  async beginTransaction(): Promise<void> {
    throw new Error('the writer thread takes no transactions over several calls');
  }

  async init(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}

class WriterConnection implements DatabaseConnection {
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes, insertId } = (await this.#writer.run({
      kind: 'query',
      sql,
      parameters,
    })) as WriterResult;
    return { rows: rows as Row[], numAffectedRows: BigInt(changes), insertId: BigInt(insertId) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator, and this one refuses
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the writer thread does not stream');
  }
}
