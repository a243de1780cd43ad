import { coerce, EXPECTED, type Kind, type Value } from './columns.ts';
import { type LazerRecord, readRecords } from './record-reader.ts';
import type { SeenIds } from './seen-ids.ts';
import type { TableConfig } from './table-config.ts';
import { TABLES, type TableName, type TableRow } from './tables.ts';
import { wrongFile } from './wrong-file.ts';

export interface TableReading {
  /** Empty at the start: an id that comes twice is a wrong file. */
  readonly seen: SeenIds;
  onBytes?(done: number, total: number): void;
  /** A value that was not kept as it stands in the file. */
  onChanged?(what: string, id: number): void;
}

/** A table of the JSON database: its rows, checked and typed by the columns that we import. */
export class LazerTable<N extends TableName> {
  readonly name: N;
  readonly file: string;
  readonly config: TableConfig;
  readonly #columns: readonly (readonly [column: string, kind: Kind])[];

  constructor(name: N, file: string, config: TableConfig) {
    this.name = name;
    this.file = file;
    this.config = config;
    this.#columns = Object.entries(TABLES[name]);
  }

  /** @throws StartError naming file, line, record and reason where the file is torn or a row is wrong. */
  async each(visit: (row: TableRow<N>) => void, reading: TableReading): Promise<void> {
    const isList = await readRecords(this.file, (record) => visit(this.#row(record, reading)), reading);
    if (isList || this.config.lastId === 0) return;
    // The original writes "[]" when the last row goes; no byte at all is what a crash or a full disk leaves.
    const reason = `it is empty, although ids up to ${this.config.lastId} were given`;
    throw wrongFile(
      { file: this.file },
      `${reason}. If the table was really empty, write [] into it`,
      'copyAgain',
    );
  }

  #row(record: LazerRecord, { seen, onChanged }: TableReading): TableRow<N> {
    const row: Record<string, Value> = {};
    for (const [column, kind] of this.#columns) {
      const value = coerce(kind, record.fields[column]);
      row[column] = value === undefined ? this.#misfit(record, column, kind, onChanged) : value;
      if (typeof value !== 'string' || value.isWellFormed()) continue;
      row[column] = value.toWellFormed();
      onChanged?.(
        `"${column}" held half a character (an unpaired surrogate), which became U+FFFD`,
        Number(row.id),
      );
    }
    const id = Number(row.id);
    if (!seen.add(id)) throw this.#wrong(record, `the id ${id} is there twice`);
    // Built from the very columns that the type is derived from, which the compiler cannot see.
    return row as TableRow<N>;
  }

  /** A value that its own config allows is left out; one that breaks the config as well is a wrong file. */
  #misfit(record: LazerRecord, column: string, kind: Kind, onChanged: TableReading['onChanged']): null {
    const value = record.fields[column];
    const declared = this.config.schema[column];
    if (kind === 'integer' && typeof declared === 'string' && declared === typeOf(value)) {
      onChanged?.(
        `"${column}" held a ${declared} that is no integer, which was left out`,
        Number(record.fields.id),
      );
      return null;
    }
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 60)}`;
    throw this.#wrong(record, `"${column}" must be ${EXPECTED[kind]}, but ${found}`);
  }

  #wrong({ fields, line, number }: LazerRecord, reason: string): Error {
    return wrongFile({ file: this.file, line, record: number, id: fields.id }, reason, 'correct');
  }
}

/** The type of a value in the words of a Lazer config. */
function typeOf(value: unknown): string {
  return typeof value === 'number' ? 'double' : typeof value;
}
