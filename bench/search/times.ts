import { phrasesOf } from '@pokers/server/search/phrases';
import type { SearchIndex } from '@pokers/server/search/search-index';
import type { Chance } from '../../test/reliability/chance.ts';
import { Latencies } from '../load/latencies.ts';
import type { Options } from './options.ts';
import { type QueryKind, queryKinds } from './queries.ts';
import { THREADS } from './school.ts';

const PAGE = 20;

/** Who searches: in which classes they are, or one thread. */
export interface Searcher {
  readonly name: string;
  readonly classes: readonly number[];
  readonly thread?: number;
}

/** Members of few classes, the small and the large, of many, and of all. Classes are numbered by size, the largest first. */
export function searchers({ classes }: Options): readonly Searcher[] {
  const every = Array.from({ length: classes }, (_, index) => index + 1);
  const spread = every.filter((id) => id % Math.ceil(classes / 5) === Math.ceil(classes / 10));
  return [
    { name: 'of 1 small class', classes: [Math.ceil(classes * 0.9)] },
    { name: 'of the largest class', classes: [1] },
    { name: `of ${spread.length} classes`, classes: spread },
    { name: `of ${Math.ceil(classes / 10)} classes`, classes: every.filter((id) => id % 10 === 1) },
    { name: `of ${Math.ceil(classes / 3)} classes`, classes: every.filter((id) => id % 3 === 1) },
    { name: 'of all classes', classes: every },
    { name: 'in one thread', classes: [1], thread: THREADS },
  ];
}

export interface TimesResult {
  readonly query: string;
  readonly searcher: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** The part of the queries that found something. */
  readonly found: number;
}

/** How long the first page takes, for every kind of query and everyone who searches, in turn. */
export async function measureTimes(
  index: SearchIndex,
  chance: Chance,
  options: Options,
): Promise<TimesResult[]> {
  const cells = queryKinds(chance).flatMap((kind) =>
    searchers(options).map((searcher) => ({ kind, searcher, latencies: new Latencies(), found: 0, max: 0 })),
  );
  for (let turn = 0; turn < options.queries; turn++) {
    for (const cell of cells) {
      const { ms, hits } = await timed(index, cell.kind, cell.searcher);
      cell.latencies.add(ms * 1000);
      cell.max = Math.max(cell.max, ms);
      if (hits > 0) cell.found++;
    }
  }
  return cells.map(({ kind, searcher, latencies, found, max }) => ({
    query: kind.name,
    searcher: searcher.name,
    p50Ms: latencies.percentileMs(0.5),
    p95Ms: latencies.percentileMs(0.95),
    maxMs: max,
    found: found / options.queries,
  }));
}

async function timed(index: SearchIndex, kind: QueryKind, { classes, thread }: Searcher) {
  const text = kind.make();
  const from = performance.now();
  const { hits } = await index.find({ phrases: phrasesOf(text), classes, thread, limit: PAGE });
  return { ms: performance.now() - from, hits: hits.length };
}
