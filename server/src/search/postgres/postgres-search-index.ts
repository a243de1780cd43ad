import { PokersError } from '../../errors.ts';
import type { PostgresPool, Session } from '../../store/postgres/pool.ts';
import { COLUMNS_OF_M, type MessageRow, toMessage } from '../../store/rows.ts';
import { hasIt, type Searchable } from '../index-text.ts';
import { findPhrases } from '../phrases.ts';
import type { Hit, IndexPage, IndexQuery, Progress, SearchIndex } from '../search-index.ts';
import { lexemesOf, tsqueryOf } from './lexemes.ts';

/** Messages in one piece of work. */
const AT_ONCE = 500;

/** When a page that is not full is answered as it is, in ms. */
const LONGEST_MS = 500;

/** Searches at a time: the other connections are for the rest of the server. Beyond so many that wait it refuses. */
const SEARCHES_MAX = 3;
const WAITING_MAX = 100;

/** So many of what is waiting are counted. */
const PENDING_MAX = 100_000;

type FoundRow = MessageRow & { readonly class_name: string; readonly thread_name: string };

/** The index of search in the database itself: what one process takes in, all of them find. */
export class PostgresSearchIndex implements SearchIndex {
  readonly #pool: PostgresPool;
  #searches = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(pool: PostgresPool) {
    this.#pool = pool;
  }

  async find(query: IndexQuery): Promise<IndexPage> {
    if (this.#searches >= SEARCHES_MAX) await this.#turn();
    else this.#searches++;
    try {
      return await this.#find(query);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#searches--;
    }
  }

  /** Resolves when a search that ends leaves its place to this one. @throws busy */
  #turn(): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) throw new PokersError('busy');
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async #find(query: IndexQuery): Promise<IndexPage> {
    const end = performance.now() + LONGEST_MS;
    const pending = await this.#pending();
    const hits: Hit[] = [];
    let before = query.before;
    for (let count = query.limit + 1; query.classes.length > 0; count = Math.min(count * 4, 2_000)) {
      const rows = await this.#candidates(query, before, count);
      for (const row of rows) {
        const hit = hitOf(row, query);
        if (!hit) continue;
        if (hits.length === query.limit) return { hits, next: hits.at(-1)?.message.id, pending };
        hits.push(hit);
      }
      before = rows.at(-1)?.id;
      if (rows.length < count) break;
      if (performance.now() > end) return { hits, next: before, pending };
    }
    return { hits, next: undefined, pending };
  }

  async isBehind(): Promise<boolean> {
    const { rows } = await this.#read<object>('select 1 from search_changes limit 1', []);
    return rows.length > 0;
  }

  /** The newest first. One process at a time, so that none puts an older text over a newer one. */
  catchUp(): Promise<Progress> {
    return this.#pool.transaction(async (session) => {
      const { rows: turn } = await session.query<{ mine: boolean }>(
        'select pg_try_advisory_xact_lock(7004, 0) as mine',
      );
      if (!turn[0]?.mine) return { more: false };
      const { rows: noted } = await session.query<{ n: number; message: number }>(
        'select n, message from search_changes order by n desc limit $1',
        [AT_ONCE],
      );
      if (noted.length > 0) await takeIn(session, noted);
      return { more: noted.length === AT_ONCE };
    });
  }

  /** What is taken in is taken out: nothing is left to be forgotten. */
  async settle(): Promise<number> {
    return 0;
  }

  /** The pool is the engine's. */
  async close(): Promise<void> {}

  async #pending(): Promise<number> {
    const { rows } = await this.#read<{ count: number }>(
      'select count(*) as count from (select 1 from search_changes limit $1) waiting',
      [PENDING_MAX],
    );
    return rows[0]?.count ?? 0;
  }

  async #candidates(query: IndexQuery, before: number | undefined, count: number): Promise<FoundRow[]> {
    const { classes, thread, from, since, until } = query;
    const values: unknown[] = [];
    const conditions = ['m.deleted is null', 't.deleted is null'];
    const where = (condition: string, value: unknown): void => {
      values.push(value);
      conditions.push(condition.replace('?', `$${values.length}`));
    };
    const words = tsqueryOf(query);
    if (words !== undefined) where('s.words @@ ?::tsquery', words);
    if (thread === undefined) where('s.class = any (?::bigint[])', classes);
    else where('s.thread = ?', thread);
    if (from !== undefined) where('s.speaker = ?', from);
    if (since !== undefined) where('coalesce(m.date, 0) >= ?', since);
    if (until !== undefined) where('coalesce(m.date, 0) < ?', until);
    if (before !== undefined) where('s.message < ?', before);
    values.push(count);
    const { rows } = await this.#read<FoundRow>(
      `select ${COLUMNS_OF_M}, c.name as class_name, t.name as thread_name
       from search_texts s join messages m on m.id = s.message
       join threads t on t.id = m.thread join classes c on c.id = m.class
       where ${conditions.join(' and ')} order by s.message desc limit $${values.length}`,
      values,
    );
    return rows;
  }

  #read<Row extends object>(text: string, values: unknown[]): Promise<{ rows: Row[] }> {
    return this.#pool.read((session) => session.query<Row>(text, values));
  }
}

/** The message, where it is still what is asked for: the index may be a moment behind. */
function hitOf(row: FoundRow, { phrases, has }: IndexQuery): Hit | undefined {
  if (has !== undefined && !hasIt(row, has)) return undefined;
  const found = findPhrases([row.content ?? '', row.file_name ?? ''], phrases);
  if (!found) return undefined;
  const { class_name: className, thread_name: threadName, ...message } = row;
  const [ranges = [], fileNameRanges = []] = found;
  return { message: toMessage(message), className, threadName, ranges, fileNameRanges };
}

async function takeIn(session: Session, noted: readonly { n: number; message: number }[]): Promise<void> {
  const ids = [...new Set(noted.map(({ message }) => message))];
  const { rows } = await session.query<Searchable & { id: number }>(
    `select id, class, thread, speaker, content, img_url, file_url, file_name from messages
     where id = any ($1::bigint[]) and deleted is null`,
    [ids],
  );
  const present = new Set(rows.map(({ id }) => id));
  await Promise.all([
    session.query(
      `insert into search_texts (message, class, thread, speaker, words)
       select message, class, thread, speaker,
         (select coalesce(array_to_tsvector(array_agg(lexeme)), '') from jsonb_array_elements_text(lexemes) lexeme)
       from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::jsonb[])
         as text (message, class, thread, speaker, lexemes)
       on conflict (message) do update set words = excluded.words`,
      [
        rows.map(({ id }) => id),
        rows.map((row) => row.class),
        rows.map(({ thread }) => thread),
        rows.map(({ speaker }) => speaker),
        rows.map((row) => JSON.stringify(lexemesOf(row))),
      ],
    ),
    session.query('delete from search_texts where message = any ($1::bigint[])', [
      ids.filter((id) => !present.has(id)),
    ]),
    session.query('delete from search_changes where n = any ($1::bigint[])', [noted.map(({ n }) => n)]),
  ]);
}
