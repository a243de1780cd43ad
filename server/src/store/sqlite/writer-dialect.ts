import type { Database, SQLQueryBindings } from 'bun:sqlite';
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
 * Kysely that reads in the caller's thread, which no commit holds up, and writes on the writer's, durably when the
 * promise resolves. For the accounts' own tables. Transactions over several calls are refused: they would hold up
 * everyone's; make it one change instead.
 */
export function writerDialect(writer: Writer, reader: Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WriterDriver(writer, reader),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WriterDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(writer: Writer, reader: Database) {
    this.#connection = new WriterConnection(writer, reader);
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
  readonly #reader: Database;

  constructor(writer: Writer, reader: Database) {
    this.#writer = writer;
    this.#reader = reader;
  }

  async executeQuery<Row>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (query.kind === 'SelectQueryNode') {
      return {
        rows: this.#reader.query<Row, SQLQueryBindings[]>(sql).all(...(parameters as SQLQueryBindings[])),
      };
    }
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
