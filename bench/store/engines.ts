import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@pokers/server/store/store';
import { Latencies } from '../load/latencies.ts';
import { Meter, postFor } from './durable.ts';
import { makeTown, openStore } from './town.ts';

/** How many post at the same time, each as soon as the last one is answered. */
export const ENGINE_POSTERS: readonly number[] = [1, 16, 256];

/** Posts in one thread through the server's two stores, in turns. */
export interface EnginesSample {
  readonly sqlitePerSecond: number;
  readonly sqliteP50Ms: number;
  readonly sqliteP99Ms: number;
  readonly postgresPerSecond: number;
  readonly postgresP50Ms: number;
  readonly postgresP99Ms: number;
  /** PostgreSQL's share of SQLite's posts per second. */
  readonly ofSqlite: number;
}

const SLICES = 5;

/** In turns, a slice of each, after one unmeasured: disks change from second to second. @param postgres an open town */
export async function measureEngines(
  posters: number,
  ms: number,
  scratch: string,
  postgres: Store,
): Promise<EnginesSample> {
  const folder = join(scratch, 'sqlite');
  mkdirSync(folder);
  await makeTown(folder, { messages: 1, threads: 1, classes: 1, nonces: 'timed' });
  const { store: sqlite } = await openStore(folder);
  const [one, other] = [new Course(sqlite), new Course(postgres)];
  for (let slice = 0; slice <= SLICES; slice++)
    for (const course of [one, other]) await course.run(slice === 0, ms / SLICES, posters);
  await sqlite.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    sqlitePerSecond: one.meter.perSecond,
    sqliteP50Ms: one.latencies.percentileMs(0.5),
    sqliteP99Ms: one.latencies.percentileMs(0.99),
    postgresPerSecond: other.meter.perSecond,
    postgresP50Ms: other.latencies.percentileMs(0.5),
    postgresP99Ms: other.latencies.percentileMs(0.99),
    ofSqlite: other.meter.perSecond / one.meter.perSecond,
  };
}

/** What one store did over all slices. */
class Course {
  readonly meter = new Meter();
  readonly latencies = new Latencies();

  constructor(private readonly store: Store) {}

  async run(isWarmUp: boolean, ms: number, posters: number): Promise<void> {
    const latencies = isWarmUp ? new Latencies() : this.latencies;
    await this.meter.add(isWarmUp, () => postFor(ms, posters, this.store, latencies));
  }
}
