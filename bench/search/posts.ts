import { KeepingUp } from '@pokers/server/search/keeping-up';
import { SqliteSearchIndex } from '@pokers/server/search/sqlite/sqlite-search-index';
import { openForReading } from '@pokers/server/store/sqlite/database';
import { SqliteStore } from '@pokers/server/store/sqlite/sqlite-store';
import { Writer } from '@pokers/server/store/sqlite/writer';
import { Chance } from '../../test/reliability/chance.ts';
import { Latencies } from '../load/latencies.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { startClock } from '../store/clock.ts';
import { makeCorpus } from './corpus.ts';
import type { Options } from './options.ts';
import { PEOPLE } from './school.ts';

/** How many post at the same time, each as soon as the last one is answered. */
const POSTERS = 64;
const SWEEP_MS = 1_000;

/** What one post costs, and what was measured with how many of them. */
export interface PostsResult {
  readonly indexing: boolean;
  readonly perSecond: Spread;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all threads of the process, for each post. */
  readonly cpuUs: Spread;
}

/** Posts as fast as they are answered, with and without indexing in turn: indexed is what is posted meanwhile. */
export async function measurePosts(folder: string, { turns, postMs }: Options): Promise<PostsResult[]> {
  const store = new SqliteStore(openForReading(folder), await Writer.start(folder));
  const reader = openForReading(folder);
  const index = new SqliteSearchIndex(folder, reader);
  const keepingUp = new KeepingUp(index, (error) => {
    throw error;
  });
  const corpus = makeCorpus(new Chance(3));
  const texts = Array.from({ length: 10_000 }, () => corpus.message());
  const measured = [false, true].map((indexing) => ({
    indexing,
    perSecond: [] as number[],
    cpuUs: [] as number[],
    latencies: new Latencies(),
  }));
  const postAll = async (latencies: Latencies): Promise<number> => {
    const end = performance.now() + postMs;
    let posts = 0;
    const poster = async (at: number): Promise<void> => {
      while (performance.now() < end) {
        const from = performance.now();
        const content = texts[posts % texts.length] ?? '';
        posts++;
        await store.appendMessage({
          thread: 1,
          speaker: 1 + (at % PEOPLE),
          speakerName: 'Person',
          isSuper: false,
          content,
          date: Math.floor(Date.now() / 1000),
        });
        latencies.add((performance.now() - from) * 1000);
      }
    };
    await Promise.all(Array.from({ length: POSTERS }, (_, at) => poster(at)));
    return posts;
  };
  await postAll(new Latencies()); // warms up
  for (let turn = 0; turn < turns; turn++) {
    for (const { indexing, perSecond, cpuUs, latencies } of measured) {
      while ((await index.catchUp()).more);
      const sweep = indexing ? setInterval(() => keepingUp.sweep(), SWEEP_MS) : undefined;
      const clock = startClock();
      const posts = await postAll(latencies);
      clearInterval(sweep);
      if (indexing) while ((await index.catchUp()).more); // what they cost in the index is theirs
      cpuUs.push(clock.cpuUs() / posts);
      perSecond.push((posts / postMs) * 1000);
    }
  }
  await keepingUp.stop();
  await store.close();
  reader.close();
  return measured.map(({ indexing, perSecond, cpuUs, latencies }) => ({
    indexing,
    perSecond: spreadOf(perSecond),
    p50Ms: latencies.percentileMs(0.5),
    p99Ms: latencies.percentileMs(0.99),
    cpuUs: spreadOf(cpuUs),
  }));
}
