import type { Database } from 'bun:sqlite';
import { phrasesOf } from '@pokers/server/search/phrases';
import type { SearchIndex } from '@pokers/server/search/search-index';
import type { Chance } from '../../test/reliability/chance.ts';
import { matchesOf } from './every-message.ts';
import type { Options } from './options.ts';
import { queryKinds } from './queries.ts';

const PAGE = 1_000;

export interface RecallResult {
  readonly query: string;
  readonly queries: number;
  /** What a look at every message finds. */
  readonly matches: number;
  /** Of those, what the index does not find; and what it finds beside them. */
  readonly missed: number;
  readonly wrong: number;
}

/** All pages of queries against a look at every message. */
export async function measureRecall(
  index: SearchIndex,
  reader: Database,
  chance: Chance,
  { checked, classes }: Options,
): Promise<RecallResult[]> {
  const asked = queryKinds(chance).flatMap(({ name, make }) =>
    Array.from({ length: checked }, () => ({ name, phrases: phrasesOf(make()) })),
  );
  const expected = matchesOf(
    reader,
    asked.map(({ phrases }) => phrases),
  );
  const results = new Map<string, RecallResult>();
  const all = Array.from({ length: classes }, (_, index) => index + 1);
  for (const [at, { name, phrases }] of asked.entries()) {
    const found = new Set<number>();
    let next: number | undefined;
    do {
      const page = await index.find({ phrases, classes: all, limit: PAGE, before: next });
      for (const { message } of page.hits) found.add(message.id);
      ({ next } = page);
    } while (next !== undefined);
    const matches = expected[at] ?? new Set();
    const sum = results.get(name);
    results.set(name, {
      query: name,
      queries: (sum?.queries ?? 0) + 1,
      matches: (sum?.matches ?? 0) + matches.size,
      missed: (sum?.missed ?? 0) + matches.difference(found).size,
      wrong: (sum?.wrong ?? 0) + found.difference(matches).size,
    });
  }
  return [...results.values()];
}
