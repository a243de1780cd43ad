import type { Target } from '../peers/peer.ts';
import type { Faults } from './tally.ts';

/** Connect: the `index`th of `of` generators takes its share of the members and posters. */
export interface ConnectOrder {
  readonly kind: 'connect';
  readonly peer: string;
  readonly target: Target;
  readonly members: number;
  readonly posters: number;
  readonly index: number;
  readonly of: number;
}

/** Make posts `first` to `first + count - 1`, spread over `seconds` from `startAtUs` on (the machine's clock). */
export interface RunOrder {
  readonly kind: 'run';
  readonly first: number;
  readonly count: number;
  readonly seconds: number;
  readonly startAtUs: number;
}

/** Leader → generator. `report` ends a run and may come only after its `complete`. */
export type ToGenerator = ConnectOrder | RunOrder | { readonly kind: 'report' };

/** What one generator saw in a run. */
export interface Report {
  readonly kind: 'report';
  readonly deliveries: number;
  readonly faults: Faults;
  /** Frames that carried deliveries, and the bytes of their payload. */
  readonly frames: number;
  readonly payloadBytes: number;
  /** How often a member's socket had something to read. */
  readonly reads: number;
  /** As of `Latencies`. */
  readonly latencies: readonly number[];
  /** CPU time of this generator from the run's start to its last delivery, in µs. */
  readonly cpuUs: number;
  readonly elapsedUs: number;
  /** Why connections were lost, and what was said to posters, for whoever looks for the cause of faults. */
  readonly hints: readonly string[];
}

/** Generator → leader. `complete`: every delivery came, or none came for so long that none will. */
export type FromGenerator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly reason: string }
  | Report;
