export interface Rate {
  /** How many may come at once. */
  readonly burst: number;
  /** Ms until one more may come after that. */
  readonly everyMs: number;
}

/**
 * Counts how fast each of many comes (GCRA: for each key only the moment at which all it took is paid off). Holds at
 * most `entriesMax` keys; beyond, the one that came longest ago is forgotten, and may start with a burst again.
 */
export class RateTable {
  readonly #rate: Rate;
  readonly #entriesMax: number;
  readonly #now: () => number;
  /** By key, the one touched longest ago first: when all that it took is paid off, in ms of the clock. */
  readonly #paidOff = new Map<string, number>();

  constructor(rate: Rate, entriesMax: number, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#entriesMax = entriesMax;
    this.#now = now;
  }

  /** Takes one; answers 0, or how many ms it is too early (nothing is taken then). */
  take(key: string): number {
    const { burst, everyMs } = this.#rate;
    const now = this.#now();
    const paidOff = Math.max(now, this.#paidOff.get(key) ?? 0);
    const early = paidOff - now - (burst - 1) * everyMs;
    if (early > 0) return early;
    this.#set(key, paidOff + everyMs);
    return 0;
  }

  /** What was taken does not count after all. */
  giveBack(key: string): void {
    const paidOff = this.#paidOff.get(key);
    if (paidOff !== undefined) this.#paidOff.set(key, paidOff - this.#rate.everyMs);
  }

  #set(key: string, paidOff: number): void {
    this.#paidOff.delete(key);
    this.#paidOff.set(key, paidOff);
    if (this.#paidOff.size <= this.#entriesMax) return;
    const [oldest] = this.#paidOff.keys();
    if (oldest !== undefined) this.#paidOff.delete(oldest);
  }
}
