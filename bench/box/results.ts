import type { Machine } from '../machine.ts';
import type { Observed } from './crowd.ts';
import type { Options } from './options.ts';
import type { Scenario } from './scenarios.ts';

/** What a way was found to bear in a scenario. */
export interface Finding {
  readonly scenario: Scenario['name'];
  readonly way: string;
  /** Members or deliveries a second; 0 where not even the least load was in time. */
  readonly result: number;
  /** What was seen at that load. */
  readonly at: (Observed & { readonly rssMb: number }) | undefined;
  /** All loads that were tried, in order. */
  readonly tried: readonly Observed[];
}

/** All that was found: what `--json` prints. */
export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  readonly serverOptions: readonly string[];
  readonly findings: readonly Finding[];
}
