import type { Machine } from '../machine.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { DurableCase, DurableSample } from './durable.ts';
import type { EnginesSample } from './engines.ts';
import { type Costs, type GrowthCase, OPERATIONS, type OperationName } from './growth.ts';
import type { Options } from './options.ts';
import type { Scratch } from './scratch.ts';

export interface DurableResult extends DurableCase {
  readonly samples: readonly DurableSample[];
  readonly spreads: Readonly<Record<keyof DurableSample, Spread>>;
}

export interface EnginesResult {
  readonly posters: number;
  readonly samples: readonly EnginesSample[];
  readonly spreads: Readonly<Record<keyof EnginesSample, Spread>>;
}

/** What an operation costs in a database. `ratio`s are against the first database in the same run. */
export interface OperationResult {
  readonly name: OperationName;
  readonly cpuUs: Spread;
  readonly wallUs: Spread;
  readonly cpuRatio: Spread;
  readonly wallRatio: Spread;
}

export interface GrowthResult {
  readonly about: GrowthCase;
  readonly runs: readonly Costs[];
  readonly operations: readonly OperationResult[];
}

/** All that a benchmark found: what `--json` prints. */
export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  readonly scratch: Scratch;
  readonly durable: readonly DurableResult[];
  readonly growth: readonly GrowthResult[];
  readonly engines: readonly EnginesResult[];
  /** PostgreSQL's, where it was measured. */
  readonly postgres?: string;
}

export function durableResult(about: DurableCase, samples: readonly DurableSample[]): DurableResult {
  return { ...about, samples, spreads: spreadsOf(samples) };
}

export function enginesResult(posters: number, samples: readonly EnginesSample[]): EnginesResult {
  return { posters, samples, spreads: spreadsOf(samples) };
}

function spreadsOf<Sample extends object>(samples: readonly Sample[]): Record<keyof Sample, Spread> {
  const names = Object.keys(samples[0] ?? {}) as (keyof Sample)[];
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(samples.map((sample) => Number(sample[name])))]),
  ) as Record<keyof Sample, Spread>;
}

/** @param base the first database's runs, as many as this one's */
export function growthResult(
  about: GrowthCase,
  runs: readonly Costs[],
  base: readonly Costs[],
): GrowthResult {
  const operations = OPERATIONS.map(({ name }): OperationResult => {
    const spread = (key: 'cpuUs' | 'wallUs') => spreadOf(runs.map((costs) => costs[name][key]));
    const ratio = (key: 'cpuUs' | 'wallUs') =>
      spreadOf(runs.map((costs, run) => costs[name][key] / (base[run]?.[name][key] ?? Number.NaN)));
    return {
      name,
      cpuUs: spread('cpuUs'),
      wallUs: spread('wallUs'),
      cpuRatio: ratio('cpuUs'),
      wallRatio: ratio('wallUs'),
    };
  });
  return { about, runs, operations };
}
