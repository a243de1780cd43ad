import type { Cores } from './cores.ts';
import type { Machine } from './machine.ts';
import { METRICS, type MetricName, type Sample } from './metrics.ts';
import type { Options } from './options.ts';
import { type Spread, spreadOf } from './statistics.ts';

export interface PeerResult {
  readonly name: string;
  readonly about: string;
  /** One for each run, in order. */
  readonly samples: readonly Sample[];
  readonly spreads: Readonly<Record<MetricName, Spread>>;
}

/** All that a benchmark found: what `--json` prints. */
export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  readonly cores: Cores;
  readonly peers: readonly PeerResult[];
}

export function peerResult(name: string, about: string, samples: readonly Sample[]): PeerResult {
  const spreads = Object.fromEntries(
    METRICS.map(({ name }) => [name, spreadOf(samples.map((sample) => sample[name]))]),
  ) as Record<MetricName, Spread>;
  return { name, about, samples, spreads };
}
