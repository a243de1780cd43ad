import type { Cores } from './cores.ts';
import type { Machine } from './machine.ts';
import { METRICS, type MetricName, type Sample } from './metrics.ts';
import type { Options } from './options.ts';
import { type Spread, spreadOf } from './statistics.ts';
import type { Workload } from './workloads.ts';

export interface PeerResult {
  readonly name: string;
  /** One for each run that went well, in order. */
  readonly samples: readonly Sample[];
  /** Of what was measured. */
  readonly spreads: Readonly<Partial<Record<MetricName, Spread>>>;
  /** Why other runs did not. */
  readonly failures: readonly string[];
}

export interface WorkloadResult {
  readonly workload: Workload;
  readonly peers: readonly PeerResult[];
}

/** All that a benchmark found. */
export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  readonly cores: Cores;
  /** Who took part, the yardstick last. */
  readonly peers: readonly { readonly name: string; readonly about: string }[];
  /** Who was to, but cannot on this machine. */
  readonly absent: readonly { readonly name: string; readonly why: string }[];
  readonly workloads: readonly WorkloadResult[];
}

export function peerResult(
  name: string,
  samples: readonly Sample[],
  failures: readonly string[],
): PeerResult {
  const spreads: Partial<Record<MetricName, Spread>> = {};
  for (const { name } of METRICS) {
    const values = samples.map((sample) => sample[name]).filter((value) => value !== undefined);
    if (values.length > 0) spreads[name] = spreadOf(values);
  }
  return { name, samples, spreads, failures };
}

/** What was measured, the runs taken together. */
export function mediansOf({ spreads }: PeerResult): Sample {
  return Object.fromEntries(Object.entries(spreads).map(([name, { median }]) => [name, median]));
}

/** The median of a metric, if it was measured. */
export function medianOf(
  { workloads }: Results,
  workload: string,
  peer: string,
  metric: MetricName,
): number | undefined {
  const result = workloads.find((candidate) => candidate.workload.name === workload);
  return result?.peers.find(({ name }) => name === peer)?.spreads[metric]?.median;
}
