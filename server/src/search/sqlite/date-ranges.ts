import type { Database } from 'bun:sqlite';

/** Messages, by their ids, of which the earliest and the latest date are kept together. */
const BLOCK_BITS = 12;

const WHOLE = { low: 0, high: Number.MAX_SAFE_INTEGER };

/**
 * Between which ids messages of a time lie. Ids follow the dates, except in what was imported; so for blocks of ids it is
 * kept which dates they have, and the exact date is looked at in the message.
 */
export class DateRanges {
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(db: Database) {
    this.#sql = prepareStatements(db);
  }

  add(id: number, date: number): void {
    this.#sql.add.run({ block: Math.floor(id / 2 ** BLOCK_BITS), date });
  }

  /** @param since from then on, `until` before then, in Unix seconds */
  idsOf(since: number | undefined, until: number | undefined): { low: number; high: number } {
    if (since === undefined && until === undefined) return WHOLE;
    const found = this.#sql.blocks.get({ since: since ?? 0, until: until ?? Number.MAX_SAFE_INTEGER });
    if (!found || found.low === null || found.high === null) return { low: 1, high: 0 };
    return { low: found.low * 2 ** BLOCK_BITS, high: (found.high + 1) * 2 ** BLOCK_BITS - 1 };
  }
}

function prepareStatements(db: Database) {
  return {
    add: db.query<never, [{ block: number; date: number }]>(
      `insert into dates (block, since, until) values ($block, $date, $date)
       on conflict do update set since = min(since, $date), until = max(until, $date)
       where $date < since or $date > until`,
    ),
    blocks: db.query<{ low: number | null; high: number | null }, [{ since: number; until: number }]>(
      'select min(block) as low, max(block) as high from dates where until >= $since and since < $until',
    ),
  };
}
