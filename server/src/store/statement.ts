/** What a parameter can be. */
export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

/**
 * A statement with one text for every engine; its parameters are `$name`. Of the words that differ between SQLite and
 * PostgreSQL it uses none.
 */
export interface Statement<Row = never> {
  readonly text: string;
  /** Nobody else may change the rows that it finds until the change is done. SQLite lets one write at a time anyhow. */
  readonly locks?: boolean;
  /** Of its rows; known to TypeScript alone. */
  readonly row?: Row;
}

export function statement<Row = never>(text: string, options?: { locks: boolean }): Statement<Row> {
  return { text, ...options };
}

/** A value that is there at once where the engine reads in the caller's thread, and else later. */
export type Soon<T> = T | Promise<T>;

/** What follows from a value, at once where it is there: an upgrade on SQLite waits for no promise. */
export function soon<T, U>(value: Soon<T>, then: (value: T) => U): Soon<U> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Reads rows. */
export interface Reads {
  get<Row>(statement: Statement<Row>, values: Values): Soon<Row | undefined>;
  all<Row>(statement: Statement<Row>, values: Values): Soon<Row[]>;
}

/** What a change asks of the engine that carries it out, and what it is answered. */
export interface Ask {
  readonly statement: Statement<unknown>;
  readonly values: Values;
}
export interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that were changed. */
  readonly changes: number;
}

/**
 * A change, statement by statement, in one transaction: SQLite carries it out at a stretch in the thread that writes,
 * PostgreSQL with a wait at each `yield`. It must do nothing else, since it may be begun again from the start.
 */
export type Steps<T> = Generator<Ask, T, Answer>;

/** The first row. */
export function* one<Row>(statement: Statement<Row>, values: Values): Steps<Row | undefined> {
  const { rows } = yield { statement, values };
  return rows[0] as Row | undefined;
}

/** How many rows were changed. */
export function* run(statement: Statement<unknown>, values: Values): Steps<number> {
  const { changes } = yield { statement, values };
  return changes;
}
