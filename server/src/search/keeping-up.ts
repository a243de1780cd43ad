import { PokersError } from '../errors.ts';
import type { Soon } from '../store/statement.ts';
import type { SearchIndex } from './search-index.ts';

/** Least time between two pieces of work, in ms: whatever else needs the machine gets its turn. */
const PAUSE_MS = 5;

/** After a failure it waits, each time twice as long, from and up to so many ms. */
const RETRY_MS = { first: 1_000, longest: 300_000 };

/**
 * Keeps the index up to the store. `sweep` is called every second; it works where something was posted or changed since,
 * half of the time at most, so that a history of years is taken in while the server serves.
 */
export class KeepingUp {
  readonly #index: SearchIndex;
  readonly #onError: (error: unknown) => void;
  #work: Promise<void> | undefined;
  #isStopped = false;
  #waitMs = RETRY_MS.first;
  #notBefore = 0;

  constructor(index: SearchIndex, onError: (error: unknown) => void) {
    this.#index = index;
    this.#onError = onError;
  }

  sweep(): void {
    if (this.#work || this.#isStopped || performance.now() < this.#notBefore) return;
    const isBehind = this.#index.isBehind();
    if (isBehind === false) return;
    this.#work = this.#catchUp(isBehind).finally(() => {
      this.#work = undefined;
    });
  }

  /** Waits for what is under way, then closes the index. What is not in it yet follows after the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
    await this.#index.close();
  }

  async #catchUp(isBehind: Soon<boolean>): Promise<void> {
    try {
      for (let more = isBehind === true || (await isBehind); more && !this.#isStopped; ) {
        const from = performance.now();
        ({ more } = await this.#index.catchUp());
        this.#waitMs = RETRY_MS.first;
        if (more) await Bun.sleep(Math.max(PAUSE_MS, performance.now() - from));
      }
    } catch (error) {
      // `busy`: many search just now. The next sweep tries again.
      if (error instanceof PokersError) return;
      this.#onError(error);
      this.#notBefore = performance.now() + this.#waitMs;
      this.#waitMs = Math.min(this.#waitMs * 2, RETRY_MS.longest);
    }
  }
}
