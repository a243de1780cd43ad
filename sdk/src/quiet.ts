import { DEFAULTS } from './defaults.ts';

/** By how much a quiet grows that a line has been through. */
const GROWTH = 1.5;

/** For so long is believed what was too long, in ms: networks change. */
const BELIEVED_MS = 60 * 60 * 1_000;

/**
 * How long a line may be quiet before the client asks whether anyone is there. It grows with each quiet that a line
 * holds, and goes back where one is lost: there is something on the way that cuts what is quiet. One for all lines of a
 * client, as they go the same way.
 */
export class Quiet {
  #ms: number;
  #ceilingMs: number;
  #lostAt = 0;

  constructor(
    private readonly minMs: number = DEFAULTS.quietMs,
    private readonly maxMs: number = DEFAULTS.quietMaxMs,
  ) {
    this.#ms = minMs;
    this.#ceilingMs = maxMs;
  }

  get ms(): number {
    return this.#ms;
  }

  /** A line was quiet for so long, and the server answered. */
  held(): void {
    if (performance.now() - this.#lostAt >= BELIEVED_MS) this.#ceilingMs = this.maxMs;
    this.#ms = Math.min(this.#ceilingMs, this.#ms * GROWTH);
  }

  /** A line was lost that had been quiet for `quietMs`. What it always may, it may still. */
  lost(quietMs: number): void {
    if (quietMs <= this.minMs) return;
    this.#ceilingMs = Math.max(this.minMs, this.#ms / GROWTH);
    this.#ms = this.minMs;
    this.#lostAt = performance.now();
  }

  /** The network is another one. */
  forget(): void {
    this.#ms = this.minMs;
    this.#ceilingMs = this.maxMs;
  }
}
