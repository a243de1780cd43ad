import type { Database } from 'bun:sqlite';
import { COLUMNS_OF_M, type MessageRow, toMessage } from '../../store/rows.ts';
import { hasIt, matchText } from '../index-text.ts';
import { findPhrases } from '../phrases.ts';
import type { Hit, IndexPage, IndexQuery } from '../search-index.ts';
import { DateRanges } from './date-ranges.ts';
import type { IndexState } from './search-file.ts';

/** Ids that are looked through without a look at the clock: two characters that are common, but never stand side by side,
 * take some 20 ms of it. */
const IDS_AT_ONCE = 1_000_000;

/** When a page that is not full is answered as it is, in ms. */
const LONGEST_MS = 200;

/**
 * Each class that is asked for costs some 0.05 ms. Beyond so many, matches in all classes are looked at, since most of them
 * will be in these; where so many were not, in the classes only.
 */
const MANY_CLASSES = 100;
const MANY_OTHERS = 1_000;

type FoundRow = MessageRow & { readonly class_name: string; readonly thread_name: string };

/** Finds messages by the index and shows them as the store has them now. */
export class Finding {
  readonly #index: ReturnType<typeof prepareIndex>;
  readonly #store: ReturnType<typeof prepareStore>;
  readonly #dates: DateRanges;

  /** @param reader a connection to the store */
  constructor(db: Database, reader: Database) {
    this.#index = prepareIndex(db);
    this.#store = prepareStore(reader);
    this.#dates = new DateRanges(db);
  }

  find(query: IndexQuery): IndexPage {
    const end = performance.now() + LONGEST_MS;
    const { low: notYet, high: newest } = this.#index.state.get() ?? { low: 0, high: 0 };
    const { low, high } = this.#dates.idsOf(query.since, query.until);
    const classes = new Set(query.classes);
    const narrow = matchText(query, true);
    let text = (classes.size > MANY_CLASSES && matchText(query, false)) || narrow;
    const hits: Hit[] = [];
    const page = (next: number | undefined): IndexPage => ({ hits, next, pending: notYet });
    let top = Math.min(newest, high, (query.before ?? Number.MAX_SAFE_INTEGER) - 1);
    let count = query.limit + 1;
    while (classes.size > 0 && top >= low && top > notYet) {
      const bottom = Math.max(low, notYet + 1, top - IDS_AT_ONCE + 1);
      const ids = this.#index.find.all({ text, bottom, top, count });
      for (const { id } of ids) {
        const hit = this.#look(id, query, classes);
        if (!hit) continue;
        if (hits.length === query.limit) return page(hits.at(-1)?.message.id);
        hits.push(hit);
      }
      top = (ids.length < count ? bottom : (ids.at(-1)?.id ?? bottom)) - 1;
      // What is found and then not wanted is rare or comes in masses.
      if (count >= MANY_OTHERS) text = narrow;
      count = Math.min(count * 4, 10_000);
      if (performance.now() > end && top >= low && top > notYet) return page(top + 1);
    }
    return page(undefined);
  }

  /** The message, where it is still what is asked for: the index may be a moment behind. */
  #look(id: number, query: IndexQuery, classes: ReadonlySet<number>): Hit | undefined {
    const { phrases, has, since = 0, until } = query;
    const row = this.#store.message.get({ id });
    if (!row || row.deleted !== null || !classes.has(row.class)) return undefined;
    const date = row.date ?? 0;
    if (date < since || (until !== undefined && date >= until)) return undefined;
    if (has !== undefined && !hasIt(row, has)) return undefined;
    const found = findPhrases([row.content ?? '', row.file_name ?? ''], phrases);
    if (!found) return undefined;
    const { class_name: className, thread_name: threadName, ...message } = row;
    const [ranges = [], fileNameRanges = []] = found;
    return { message: toMessage(message), className, threadName, ranges, fileNameRanges };
  }
}

function prepareIndex(db: Database) {
  return {
    state: db.query<Pick<IndexState, 'low' | 'high'>, []>('select low, high from state'),
    find: db.query<{ id: number }, [{ text: string; bottom: number; top: number; count: number }]>(
      `select rowid as id from words where words match $text and rowid between $bottom and $top
       order by rowid desc limit $count`,
    ),
  };
}

function prepareStore(reader: Database) {
  return {
    message: reader.query<FoundRow, [{ id: number }]>(
      `select ${COLUMNS_OF_M}, c.name as class_name, t.name as thread_name
       from messages m join threads t on t.id = m.thread join classes c on c.id = m.class
       where m.id = $id and t.deleted is null`,
    ),
  };
}
