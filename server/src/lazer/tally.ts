import { type Remark, SUMMARY_TABLES, type SummaryTable, type TableCounts } from './summary.ts';

/** How many of the rows that a remark is about are named. */
const NAMED = 10;

/** Counts what becomes of the rows, and gathers what the summary says of them. */
export class Tally {
  readonly tables: Record<SummaryTable, TableCounts>;
  readonly #remarks = new Map<string, Remark & { count: number; first: string[] }>();

  constructor() {
    const counts = SUMMARY_TABLES.map((table) => [table, { imported: 0, already: 0, skipped: 0 }]);
    this.tables = Object.fromEntries(counts) as Record<SummaryTable, TableCounts>;
  }

  get remarks(): Remark[] {
    return [...this.#remarks.values()];
  }

  imported(table: SummaryTable): void {
    this.tables[table].imported++;
  }

  already(table: SummaryTable): void {
    this.tables[table].already++;
  }

  skipped(table: SummaryTable, what: string, row: number | string): void {
    this.tables[table].skipped++;
    this.#remark('skipped', table, what, row);
  }

  /** A value was not taken as it stands; the row itself was. */
  changed(table: string, what: string, row: number): void {
    this.#remark('changed', table, what, row);
  }

  /** Without a row it is about the table as such. */
  noted(table: string, what: string, row?: number | string): void {
    this.#remark('noted', table, what, row);
  }

  #remark(kind: Remark['kind'], table: string, what: string, row?: number | string): void {
    const key = `${kind} ${table} ${what}`;
    const remark = this.#remarks.get(key) ?? { kind, table, what, count: 0, first: [] };
    this.#remarks.set(key, remark);
    if (row === undefined) return;
    remark.count++;
    if (remark.first.length < NAMED) remark.first.push(String(row));
  }
}
