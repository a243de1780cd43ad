import type { Database, SQLQueryBindings } from 'bun:sqlite';
import { SqliteDialect } from 'kysely';

/** Kysely on a `bun:sqlite` connection. It runs in the thread that calls it: for migrations and the command line. */
export function bunDialect(db: Database): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => db.close(),
      prepare: (text) => {
        const statement = db.query<unknown, SQLQueryBindings[]>(text);
        const bind = (parameters: readonly unknown[]) => parameters as SQLQueryBindings[];
        return {
          reader: statement.columnNames.length > 0,
          all: (parameters) => statement.all(...bind(parameters)),
          run: (parameters) => statement.run(...bind(parameters)),
          iterate: (parameters) => statement.iterate(...bind(parameters)) as IterableIterator<unknown>,
        };
      },
    },
  });
}
