/** A row as both engines give it: numbers, texts and nulls by the name of their column. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The whole of a store, table by table, in one transaction that nobody else sees into. */
export interface MovableStore {
  /** Where it is, as people are told. */
  readonly place: string;
  /** Some rows at a time, all as they were when the transaction began. */
  rows(table: string): AsyncIterable<readonly Row[]>;
  write(table: string, rows: readonly Row[]): Promise<void>;
  /** The highest id ever given in each table that gives ids: none of them may be given again. */
  lastIds(): Promise<ReadonlyMap<string, number>>;
  setLastIds(ids: ReadonlyMap<string, number>): Promise<void>;
  /** What sessions are signed with. */
  secret(): Promise<string>;
  setSecret(secret: string): Promise<void>;
  commit(): Promise<void>;
  /** Lets go; what was not committed has not happened. */
  close(): Promise<void>;
}

/** Rows that are read and written at a time. */
export const ROWS_AT_ONCE = 1_000;
