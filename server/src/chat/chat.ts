import type { Bus } from '../bus/bus.ts';
import type { Store } from '../store/store.ts';

/** What the commands work with. Each stands in a file of its own, and every door calls the same ones. */
export interface Chat {
  readonly store: Store;
  readonly bus: Bus;
  /** Now, in Unix seconds. */
  readonly now: () => number;
}
