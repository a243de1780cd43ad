/** Below this part of the limit memory is no longer high, so that it does not flutter around the limit. */
const LOW_SHARE = 0.95;

/** Checks between two collections of garbage while memory is high: garbage alone must not keep people out. */
const COLLECT_EVERY = 30;

/**
 * What a burst leaves behind, such as thousands that came at once, is collected when memory has grown by this much and
 * then stands still (keeps within `STILL_BYTES`) for so many checks. By itself the collector would wait for more to
 * come. It takes some 20 ms with 15,000 connections, and gives some 6 MB back.
 */
const GROWN_BYTES = 8 * 1024 * 1024;
const STILL_BYTES = 1024 * 1024;
const STILL_CHECKS = 2;

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
  /** Where memory stood when it last moved, since how many checks it stands still, and the least since the last tidying. */
  #stoodAt = 0;
  #stillChecks = 0;
  #least = 0;

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
    this.#tidy(bytes);
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#highChecks = 0;
    this.#onChange(isHigh, bytes);
  }

  #tidy(bytes: number): void {
    const isStill = Math.abs(bytes - this.#stoodAt) < STILL_BYTES;
    this.#stillChecks = isStill ? this.#stillChecks + 1 : 0;
    if (!isStill) this.#stoodAt = bytes;
    this.#least = Math.min(this.#least, bytes);
    if (this.#stillChecks < STILL_CHECKS || bytes < this.#least + GROWN_BYTES) return;
    this.#least = bytes;
    Bun.gc(false);
  }
}
