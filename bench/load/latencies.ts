/** Each bucket of the histogram is so much wider than the one before: no percentile is off by more than 1 %. */
const GROWTH = Math.log(1.01);

/** Buckets: enough for 100 s in µs. */
const BUCKETS = Math.ceil(Math.log(1e8) / GROWTH) + 1;

/** How long deliveries took, as a histogram that costs the same however many there are. */
export class Latencies {
  readonly #counts: Uint32Array;

  constructor(counts: readonly number[] = []) {
    this.#counts = new Uint32Array(BUCKETS);
    this.#counts.set(counts);
  }

  add(us: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.round(Math.log(Math.max(1, us)) / GROWTH));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** What `new Latencies` takes: for the way between processes. */
  toJSON(): number[] {
    return Array.from(this.#counts);
  }

  merge(other: Latencies): void {
    other.#counts.forEach((count, bucket) => {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    });
  }

  /** The time in ms that this share (0 to 1) of the deliveries did not exceed; 0 where there are none. */
  percentileMs(share: number): number {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil(total * share);
    const bucket = this.#counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return total === 0 ? 0 : Math.exp(bucket * GROWTH) / 1000;
  }
}
