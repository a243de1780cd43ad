/** How long a wait may be: the ceiling of the first, and of any. Milliseconds. */
export interface BackoffRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Waits between tries. The ceiling doubles with each, and the wait is anything below it ("full jitter"): thousands of
 * clients that lost the same server come back spread out instead of in waves.
 */
export class Backoff {
  #tries = 0;

  constructor(
    private readonly range: BackoffRange,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds until the next try. */
  next(): number {
    const ceiling = Math.min(this.range.maxMs, this.range.minMs * 2 ** this.#tries);
    if (ceiling < this.range.maxMs) this.#tries++;
    return Math.floor(this.random() * ceiling);
  }

  /** The last try was good: the next wait is a short one again. */
  reset(): void {
    this.#tries = 0;
  }
}
