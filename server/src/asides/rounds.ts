/**
 * Runs something in rounds: soon after it is wanted, then not again before some time has passed, and never twice at once.
 * While it may not run, it is tried again each `everyMs`.
 */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: Timer | undefined;
  /** When the last round began, in ms of the process's clock. */
  #at = Number.NEGATIVE_INFINITY;
  #isRunning = false;
  #isWanted = false;
  #isStopped = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** There is something for the next round. */
  want(): void {
    this.#isWanted = true;
    if (this.#isRunning || this.#isStopped) return;
    const { soonMs, everyMs } = this.#options;
    const wait = Math.max(soonMs, this.#at + everyMs - performance.now());
    this.#timer ??= setTimeout(() => void this.#run(), wait);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    const { may, run, onError } = this.#options;
    this.#at = performance.now();
    if (!may()) return this.want();
    this.#isRunning = true;
    this.#isWanted = false;
    try {
      await run();
    } catch (error) {
      onError(error);
    } finally {
      this.#isRunning = false;
      if (this.#isWanted) this.want();
    }
  }
}

export interface RoundsOptions {
  /** How long after it is wanted the first round begins, so that more can gather. */
  readonly soonMs: number;
  /** From the beginning of one round to that of the next, at least. */
  readonly everyMs: number;
  readonly may: () => boolean;
  readonly run: () => Promise<void> | void;
  readonly onError: (error: unknown) => void;
}
