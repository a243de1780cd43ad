import type { Database, Statement as Prepared } from 'bun:sqlite';
import type { Answer, Ask, Reads, Statement, Steps, Values } from '../statement.ts';

/** Reads at once, on a connection and in the thread of whoever asks. */
export class SqliteReads implements Reads {
  readonly #prepared: ReadonlyMap<Statement<unknown>, Prepared<unknown, [Values]>>;

  constructor(db: Database, statements: readonly Statement<unknown>[]) {
    this.#prepared = prepareAll(db, statements);
  }

  get<Row>(statement: Statement<Row>, values: Values): Row | undefined {
    return (preparedOf(this.#prepared, statement).get(values) as Row | null) ?? undefined;
  }

  all<Row>(statement: Statement<Row>, values: Values): Row[] {
    return preparedOf(this.#prepared, statement).all(values) as Row[];
  }
}

/** Carries out changes on a connection that may write, within whatever transaction is open there. */
export class SqliteSteps {
  readonly #prepared: ReadonlyMap<Statement<unknown>, Prepared<unknown, [Values]>>;
  readonly #answering: ReadonlySet<Statement<unknown>>;

  constructor(db: Database, statements: readonly Statement<unknown>[]) {
    this.#prepared = prepareAll(db, statements);
    this.#answering = new Set(
      statements.filter((each) => preparedOf(this.#prepared, each).columnNames.length > 0),
    );
  }

  carryOut<T>(steps: Steps<T>): T {
    let next = steps.next();
    while (!next.done) next = steps.next(this.#answer(next.value));
    return next.value;
  }

  #answer({ statement, values }: Ask): Answer {
    const prepared = preparedOf(this.#prepared, statement);
    if (this.#answering.has(statement)) return { rows: prepared.all(values), changes: 0 };
    return { rows: [], changes: prepared.run(values).changes };
  }
}

function prepareAll(
  db: Database,
  statements: readonly Statement<unknown>[],
): Map<Statement<unknown>, Prepared<unknown, [Values]>> {
  return new Map(statements.map((each) => [each, db.query<unknown, [Values]>(each.text)]));
}

function preparedOf(
  prepared: ReadonlyMap<Statement<unknown>, Prepared<unknown, [Values]>>,
  statement: Statement<unknown>,
): Prepared<unknown, [Values]> {
  const found = prepared.get(statement);
  if (!found) throw new Error(`this was not made ready: ${statement.text}`);
  return found;
}
