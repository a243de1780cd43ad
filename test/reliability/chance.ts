/** Seeded randomness: the same seed makes the same choices. Each actor has a stream of its own (`fork`). */
export class Chance {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /** Seeded by the environment's SEED where there is one, to replay a run; says on stdout what replays this one. */
  static ofRun(what: string): Chance {
    const given = process.env.SEED;
    const seed = given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] : Number(given);
    if (seed === undefined || !Number.isSafeInteger(seed))
      throw new Error(`SEED must be a whole number, not ${given}`);
    console.log(`${what}: SEED=${seed >>> 0} replays it`);
    return new Chance(seed);
  }

  /** A stream of its own for someone, which does not depend on how much was drawn from this one. */
  fork(whom: string | number): Chance {
    return new Chance(Bun.hash.xxHash32(String(whom), this.seed));
  }

  /** From 0 up to, but not, 1: Tommy Ettinger's mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` up to and including `max`. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('there is nothing to pick from');
    return list[this.between(0, list.length - 1)] as T;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.between(0, 255));
  }
}
