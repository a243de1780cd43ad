/** Seconds between two lines of an address that try a quiet which none of them has been through. */
const TRY_SECONDS = 30;

/** Seconds for which is believed what the lines of an address have shown to be too long: networks change. */
const BELIEVED_SECONDS = 60 * 60;

/** Lines counted for a step before all of its counts are halved, so that what is long ago weighs little. */
const COUNTED = 64;

/**
 * How long the lines from one address can be quiet, in steps of `Liveness`. Devices that are switched off are lost in
 * quiet as well; a proxy that cuts what is quiet loses every line. So a step is too long once more lines were lost than
 * held in it. Lines try a new one after another, so that one or two of them are lost, and not all that came together.
 * Times are in sweeps, one a second.
 */
export class Path {
  readonly #last: number;
  /** By step. */
  readonly #held: number[] = [];
  readonly #lost: number[] = [];
  #ceiling: number;
  #triedAt = Number.NEGATIVE_INFINITY;
  #lostAt = 0;

  /** @param last the longest step that there is */
  constructor(last: number) {
    this.#last = last;
    this.#ceiling = last;
  }

  /** The longest step that is not too long. */
  get ceiling(): number {
    return this.#ceiling;
  }

  /** Whether a line may take this step now. */
  mayTry(step: number, now: number): boolean {
    if (this.#ceiling < this.#last && now - this.#lostAt >= BELIEVED_SECONDS) this.#forget();
    if (step > this.#ceiling) return false;
    if ((this.#held[step] ?? 0) >= 1) return true;
    if (now - this.#triedAt < TRY_SECONDS) return false;
    this.#triedAt = now;
    return true;
  }

  /** A line was as quiet as this step has it, and held. */
  held(step: number): void {
    this.#count(this.#held, step);
  }

  /** A line that was more quiet than the step before has it was lost. */
  lost(step: number, now: number): void {
    this.#count(this.#lost, step);
    if ((this.#lost[step] ?? 0) <= (this.#held[step] ?? 0)) return;
    this.#ceiling = Math.min(this.#ceiling, step - 1);
    this.#lostAt = now;
  }

  #count(counts: number[], step: number): void {
    counts[step] = (counts[step] ?? 0) + 1;
    if ((this.#held[step] ?? 0) + (this.#lost[step] ?? 0) < COUNTED) return;
    this.#held[step] = (this.#held[step] ?? 0) / 2;
    this.#lost[step] = (this.#lost[step] ?? 0) / 2;
  }

  #forget(): void {
    this.#held.length = 0;
    this.#lost.length = 0;
    this.#ceiling = this.#last;
  }
}
