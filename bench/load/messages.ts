import type { Target } from '../peers/peer.ts';
import type { Faults } from './tally.ts';

/** Connect: the `index`th of `of` generators takes its share of the members `from` up to `to`, and some posters. */
export interface ConnectOrder {
  readonly kind: 'connect';
  /** As for `findPeer`. */
  readonly peer: string;
  readonly target: Target;
  readonly from: number;
  readonly to: number;
  /** All there will ever be, so that it is known who is in which thread. */
  readonly members: number;
  readonly threads: number;
  readonly index: number;
  readonly of: number;
}

/** A share of the load: every post of a server's life has a number of its own. */
export interface Phase {
  /** The number of the first post. */
  readonly first: number;
  /** How many posts; the most there may be, where so many are always on their way. */
  readonly count: number;
  readonly seconds: number;
  /** So many posts are always on their way, among all generators; otherwise they come at random moments. */
  readonly outstanding?: number;
}

/** Make this generator's share of the posts, from `startAtUs` on (the machine's clock). */
export interface RunOrder extends Phase {
  readonly kind: 'run';
  readonly startAtUs: number;
}

/** Wait until every delivery has come. All made their posts; `posted` says how many each generator. */
export interface AwaitOrder {
  readonly kind: 'await';
  readonly posted: readonly number[];
}

/** Leader → generator. `await` comes after a run's `posted`, and `report`, which ends it, after its `complete`. */
export type ToGenerator = ConnectOrder | RunOrder | AwaitOrder | { readonly kind: 'report' };

/** What one generator saw in a run. */
export interface Report {
  readonly kind: 'report';
  readonly deliveries: number;
  readonly faults: Faults;
  /** Frames that carried deliveries. */
  readonly frames: number;
  /** All that members received, what frames the payload included. */
  readonly bytes: number;
  /** How often a member's socket had something to read. */
  readonly reads: number;
  /** As of `Latencies`. */
  readonly latencies: readonly number[];
  /** When the last delivery came. */
  readonly lastAtUs: number;
  /** CPU time of this generator from the run's start to its last delivery, as a share of the time. */
  readonly busy: number;
  /** Why connections were lost, and what was said to posters, for whoever looks for the cause of faults. */
  readonly hints: readonly string[];
}

/** Generator → leader. `complete`: every delivery came, or none came for so long that none will. */
export type FromGenerator =
  | { readonly kind: 'ready' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'posted'; readonly count: number }
  | { readonly kind: 'complete' }
  | { readonly kind: 'failed'; readonly reason: string }
  | Report;
