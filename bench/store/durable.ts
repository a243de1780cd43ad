import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@pokers/server/store/store';
import { Latencies } from '../load/latencies.ts';
import { startClock } from './clock.ts';
import { type Batches, rawSqlite, sameStatements } from './raw.ts';
import { draftOf, makeTown, type OpenStore, openStore, personNumbered } from './town.ts';

/** How many post at the same time, each as soon as the last one is answered. */
export const POSTERS: readonly number[] = [1, 16, 64, 256];

/**
 * Waits added to each commit, in ms: disks of rented servers need about a millisecond for an `fsync`, and the one that
 * this runs on may be faster.
 */
export const DELAYS_MS: readonly number[] = [0, 1];

/** One measurement of one number of posters, each of the three for `durableMs`. */
export interface DurableSample {
  readonly postsPerSecond: number;
  /** Posts in a transaction, on average. Those of the other two are of this size. */
  readonly batch: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly rawPerSecond: number;
  readonly rawCpuUs: number;
  /** The store's own statements in the caller's thread. */
  readonly statementsPerSecond: number;
  /** Share of raw SQLite's posts per second. */
  readonly ofRaw: number;
}

export interface DurableCase {
  readonly posters: number;
  readonly delayMs: number;
}

export const DURABLE_CASES: readonly DurableCase[] = DELAYS_MS.flatMap((delayMs) =>
  POSTERS.map((posters) => ({ posters, delayMs })),
);

/** In turns: a slice of the store, one of raw SQLite, one of the statements, and again. Disks change from second to second. */
const SLICES = 5;

/** The store, and the same posts in batches of the same size without it. On new databases, after a slice unmeasured. */
export async function measureDurable(
  { posters, delayMs }: DurableCase,
  ms: number,
  scratch: string,
): Promise<DurableSample> {
  const [own, alone] = [join(scratch, 'own'), join(scratch, 'alone')];
  for (const folder of [own, alone]) {
    mkdirSync(folder);
    await makeTown(folder, { messages: 1, threads: 1, classes: 1, nonces: 'timed' });
  }
  const { store, writer } = await openSlowStore(own, delayMs);
  const [raw, statements] = [rawSqlite(alone), sameStatements(alone)];
  const meters = { store: new Meter(), raw: new Meter(), statements: new Meter() };
  const latencies = new Latencies();
  let transactions = 0;
  let batch = 1;
  for (let slice = 0; slice <= SLICES; slice++) {
    const isWarmUp = slice === 0;
    const before = writer.transactions;
    const posts = await meters.store.add(isWarmUp, () =>
      postFor(ms / SLICES, posters, store, isWarmUp ? new Latencies() : latencies),
    );
    batch = Math.round(posts / (writer.transactions - before));
    if (!isWarmUp) transactions += writer.transactions - before;
    for (const [meter, target] of [
      [meters.raw, raw],
      [meters.statements, statements],
    ] as const) {
      await meter.add(isWarmUp, () => commitFor(ms / SLICES, target, batch, delayMs));
    }
  }
  for (const target of [store, raw, statements]) await target.close();
  for (const folder of [own, alone]) rmSync(folder, { recursive: true, force: true });
  return {
    postsPerSecond: meters.store.perSecond,
    batch: meters.store.posts / transactions,
    p50Ms: latencies.percentileMs(0.5),
    p99Ms: latencies.percentileMs(0.99),
    cpuUs: meters.store.cpuUs,
    rawPerSecond: meters.raw.perSecond,
    rawCpuUs: meters.raw.cpuUs,
    statementsPerSecond: meters.statements.perSecond,
    ofRaw: meters.store.perSecond / meters.raw.perSecond,
  };
}

/** The writer thread takes the delay from its environment when it starts. */
async function openSlowStore(folder: string, delayMs: number): Promise<OpenStore> {
  process.env.POKERS_TEST_COMMIT_DELAY_MS = String(delayMs);
  const town = await openStore(folder);
  delete process.env.POKERS_TEST_COMMIT_DELAY_MS;
  return town;
}

/** @returns how many posts were answered */
export async function postFor(
  ms: number,
  posters: number,
  store: Store,
  latencies: Latencies,
): Promise<number> {
  const end = performance.now() + ms;
  let posts = 0;
  const poster = async (index: number): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await store.appendMessage(draftOf(personNumbered(index)));
      latencies.add((performance.now() - from) * 1000);
      posts++;
    }
  };
  await Promise.all(Array.from({ length: posters }, (_, index) => poster(index)));
  return posts;
}

/** @returns how many posts were committed */
function commitFor(ms: number, target: Batches, batch: number, delayMs: number): number {
  const end = performance.now() + ms;
  let posts = 0;
  for (; performance.now() < end; posts += batch) {
    target.commit(Array.from({ length: batch }, (_, index) => draftOf(personNumbered(index))));
    if (delayMs > 0) Bun.sleepSync(delayMs);
  }
  return posts;
}

/** Posts, and what they took. */
export class Meter {
  posts = 0;
  #cpuUs = 0;
  #wallMs = 0;

  /** @param work answers how many posts it made */
  async add(isWarmUp: boolean, work: () => number | Promise<number>): Promise<number> {
    const clock = startClock();
    const posts = await work();
    if (isWarmUp) return posts;
    this.#wallMs += clock.wallMs();
    this.#cpuUs += clock.cpuUs();
    this.posts += posts;
    return posts;
  }

  get perSecond(): number {
    return (this.posts / this.#wallMs) * 1000;
  }

  /** For each post. */
  get cpuUs(): number {
    return this.#cpuUs / this.posts;
  }
}
