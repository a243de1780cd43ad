import type { Database } from 'bun:sqlite';
import type { Value } from './columns.ts';

interface ThreadState {
  readonly class_id: number;
  readonly seq: number;
  readonly messages: number;
  readonly last: number | null;
}

/** Where a thread stands while messages are added to it. */
interface Counter {
  readonly before: ThreadState;
  added: number;
  last: number | null;
  /** The highest id that was added. */
  highest: number;
  /** Whether an id came after a higher one. */
  disordered: boolean;
}

export interface Place {
  readonly seq: number;
  readonly number: number;
}

/**
 * Numbers the messages that are added to threads: in the order of their ids, after what a thread held before. Some 200
 * bytes of memory for each thread, none for a message. Files are normally in the order of ids, so the numbers are given
 * as the rows come; a thread in which they were not is numbered anew by `settle`.
 */
export class ThreadNumbers {
  readonly #db: Database;
  readonly #counters = new Map<number, Counter>();
  /** Thread → pinned message: one at most, as in the original. */
  readonly #pins = new Map<number, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** @param thread a row of `threads`. */
  add(thread: number): void {
    const find = this.#db.query<ThreadState, [number]>(
      'select class_id, seq, messages, last from threads where id = ?',
    );
    const before = find.get(thread);
    if (!before) throw new Error(`thread ${thread} was not stored`);
    this.#counters.set(thread, { before, added: 0, last: before.last, highest: 0, disordered: false });
  }

  classOf(thread: number): number | undefined {
    return this.#counters.get(thread)?.before.class_id;
  }

  /** The numbers for a thread's next message, which become its own with `take`. */
  next(thread: number): Place {
    const { before, added } = this.#counter(thread);
    return { seq: before.seq + added + 1, number: before.messages + added + 1 };
  }

  take(thread: number, message: { id: number; date: number | null }): void {
    const counter = this.#counter(thread);
    counter.added++;
    counter.last = later(counter.last, message.date);
    if (message.id < counter.highest) counter.disordered = true;
    else counter.highest = message.id;
  }

  /** The message that the original had pinned to a thread that is new here; its row comes later. */
  pin(thread: number, message: number): void {
    this.#pins.set(thread, message);
  }

  /** Writes what the threads have become. */
  settle(): void {
    const update = this.#db.query<unknown, [Record<string, Value>]>(
      'update threads set seq = $seq, messages = $messages, last = $last where id = $id',
    );
    for (const [id, { before, added, last, disordered }] of this.#counters) {
      if (added === 0) continue;
      if (disordered) this.#renumber(id, before);
      update.run({ id, seq: before.seq + added, messages: before.messages + added, last });
    }
    const pin = this.#db.query<unknown, [Record<string, Value>]>(
      'update messages set pinned = coalesce(date, 0) where id = $message and thread = $thread',
    );
    for (const [thread, message] of this.#pins) pin.run({ thread, message });
  }

  /** In two steps, since no two messages of a thread may have the same seq even for a moment. */
  #renumber(thread: number, { seq, messages }: ThreadState): void {
    this.#db
      .query<unknown, [number, number]>('update messages set seq = -seq where thread = ? and seq > ?')
      .run(thread, seq);
    this.#db
      .query<unknown, [Record<string, Value>]>(
        `update messages set seq = $seq + placed.place, number = $messages + placed.place
         from (select id, row_number() over (order by id) as place from messages where thread = $thread and seq < 0) placed
         where messages.id = placed.id`,
      )
      .run({ thread, seq, messages });
  }

  #counter(thread: number): Counter {
    const counter = this.#counters.get(thread);
    if (!counter) throw new Error(`thread ${thread} was not added`);
    return counter;
  }
}

function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
