import type { Database } from 'bun:sqlite';
import { indexText, type Searchable } from '../index-text.ts';
import type { Progress } from '../search-index.ts';
import { DateRanges } from './date-ranges.ts';
import type { IndexState } from './search-file.ts';

/** A piece of work: messages, and UTF-16 units of their text, in one transaction of some 10 ms. */
const MESSAGES = 500;
const UNITS = 60_000;

type Row = Searchable & {
  readonly id: number;
  readonly date: number | null;
  readonly deleted: number | null;
};

/** Brings the index up to the store, some messages at a time. */
export class Indexing {
  readonly #db: Database;
  readonly #index: ReturnType<typeof prepareIndex>;
  readonly #store: ReturnType<typeof prepareStore>;
  readonly #dates: DateRanges;
  #messages = 0;
  #units = 0;

  /** @param reader a connection to the store */
  constructor(db: Database, reader: Database) {
    this.#db = db;
    this.#index = prepareIndex(db);
    this.#store = prepareStore(reader);
    this.#dates = new DateRanges(db);
  }

  /** One piece of work. Several processes may do this to one index: they follow one another. */
  catchUp(): Progress {
    this.#messages = 0;
    this.#units = 0;
    this.#db.run('begin immediate');
    try {
      const state = this.#index.state.get();
      if (!state) throw new Error('the index has no state');
      const next = this.#backward(this.#forward(this.#changes(state)));
      this.#index.moveOn.run({ ...next });
      this.#db.run('commit');
      return { more: this.#isFull };
    } catch (cause) {
      if (this.#db.inTransaction) this.#db.run('rollback');
      throw cause;
    }
  }

  /** Up to which change the index is on the disk. */
  settle(): number {
    this.#db.run('pragma wal_checkpoint(passive)');
    return this.#index.state.get()?.applied ?? 0;
  }

  get #isFull(): boolean {
    return this.#messages >= MESSAGES || this.#units >= UNITS;
  }

  /** What was edited or deleted. Messages that are not in the index yet come into it as they will be then. */
  #changes({ low, high, applied }: IndexState): IndexState {
    let last = applied;
    for (const { n, message } of this.#store.changes.all({ after: applied, limit: MESSAGES })) {
      if (this.#isFull) break;
      last = n;
      this.#messages++;
      if (message <= low || message > high) continue;
      this.#index.remove.run({ id: message });
      const row = this.#store.message.get({ id: message });
      if (row) this.#add(row);
    }
    return { low, high, applied: last };
  }

  #forward(state: IndexState): IndexState {
    if (this.#isFull) return state;
    let { high } = state;
    for (const row of this.#store.above.all({ id: high, limit: MESSAGES })) {
      if (this.#isFull) break;
      this.#add(row);
      high = row.id;
    }
    return { ...state, high };
  }

  #backward(state: IndexState): IndexState {
    if (this.#isFull || state.low === 0) return state;
    let { low } = state;
    const rows: Row[] = [];
    for (const row of this.#store.upTo.all({ id: low, limit: MESSAGES })) {
      if (this.#isFull) break;
      this.#count(row);
      rows.push(row);
      low = row.id - 1;
    }
    // FTS5 begins a new piece of its index wherever ids do not grow.
    for (const row of rows.reverse()) this.#put(row);
    return { ...state, low: this.#isFull ? low : 0 };
  }

  #add(row: Row): void {
    this.#count(row);
    this.#put(row);
  }

  #count({ content }: Row): void {
    this.#messages++;
    this.#units += content?.length ?? 0;
  }

  #put(row: Row): void {
    if (row.deleted !== null) return;
    this.#index.add.run({ id: row.id, text: indexText(row) });
    this.#dates.add(row.id, row.date ?? 0);
  }
}

function prepareIndex(db: Database) {
  return {
    state: db.query<IndexState, []>('select low, high, applied from state'),
    moveOn: db.query<never, [Record<string, number>]>(
      'update state set low = $low, high = $high, applied = $applied',
    ),
    add: db.query<never, [{ id: number; text: string }]>(
      'insert into words (rowid, text) values ($id, $text)',
    ),
    remove: db.query<never, [{ id: number }]>('delete from words where rowid = $id'),
  };
}

const ROW = 'id, class, thread, speaker, content, img_url, file_url, file_name, date, deleted';

function prepareStore(reader: Database) {
  const some = (where: string) =>
    reader.query<Row, [{ id: number; limit: number }]>(
      `select ${ROW} from messages where ${where} limit $limit`,
    );
  return {
    changes: reader.query<{ n: number; message: number }, [{ after: number; limit: number }]>(
      'select n, message from search_changes where n > $after order by n limit $limit',
    ),
    message: reader.query<Row, [{ id: number }]>(`select ${ROW} from messages where id = $id`),
    above: some('id > $id order by id'),
    upTo: some('id <= $id order by id desc'),
  };
}
