/** Below this part of the limit memory is no longer high, so that it does not flutter around the limit. */
const LOW_SHARE = 0.95;

/** Checks between two collections of garbage while memory is high: garbage alone must not keep people out. */
const COLLECT_EVERY = 30;

/**
 * Watches the resident memory of this process, so that it takes in nobody any more before the system kills it. Those
 * who are in go on. To be checked every second or so.
 */
export class MemoryWatch {
  readonly #limitBytes: number;
  readonly #onChange: (isHigh: boolean, bytes: number) => void;
  readonly #resident: () => number;
  #isHigh = false;
  #highChecks = 0;

  constructor(
    limitBytes: number,
    onChange: (isHigh: boolean, bytes: number) => void,
    resident: () => number = () => process.memoryUsage.rss(),
  ) {
    this.#limitBytes = limitBytes;
    this.#onChange = onChange;
    this.#resident = resident;
  }

  get isHigh(): boolean {
    return this.#isHigh;
  }

  check(): void {
    const bytes = this.#resident();
    const isHigh = bytes > this.#limitBytes * (this.#isHigh ? LOW_SHARE : 1);
    if (isHigh && this.#highChecks++ % COLLECT_EVERY === 0) Bun.gc(false);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#highChecks = 0;
    this.#onChange(isHigh, bytes);
  }
}
