import { DEFAULTS } from './defaults.ts';
import { Quiet } from './quiet.ts';

/** How long is too long, in ms. */
export interface Patience {
  readonly greetingMs: number;
  readonly answerMs: number;
  readonly pongMs: number;
}

/**
 * Notices that a server is gone although the socket says nothing: no hello in time, or no frame after a ping. It pings
 * when a command stays without an answer, when it is told to, and in quiet: rarely (see `Quiet`), but sooner than the
 * server would, which pings only whom it has not heard of, and whose pings a page cannot see. One timer, which is not
 * set anew for every frame; the clock is the monotonic one.
 */
export class Liveness {
  #timer: ReturnType<typeof setTimeout>;
  #isGreeted = false;
  #heardAt = performance.now();
  #askedAt: number | undefined;
  #probedAt: number | undefined;
  /** How long the line had been quiet at the probe, where that was its reason. */
  #probedQuietMs = 0;

  constructor(
    private readonly ping: () => void,
    private readonly onSilent: () => void,
    private readonly patience: Patience = DEFAULTS,
    private readonly quiet: Quiet = new Quiet(),
  ) {
    this.#timer = setTimeout(onSilent, patience.greetingMs);
  }

  /** The hello was answered: from now on silence is what counts. */
  greeted(): void {
    this.#isGreeted = true;
    this.#arm(this.quiet.ms);
  }

  /** A frame came. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** A command was sent: some frame should come within `answerMs`. */
  asked(): void {
    if (!this.#isGreeted || this.#askedAt !== undefined || this.#probedAt !== undefined) return;
    this.#askedAt = performance.now();
    this.#arm(this.patience.answerMs);
  }

  /** Pings at once; a silence of `pongMs` after it is the end. */
  probe(): void {
    this.#probe(0);
  }

  /** Pings unless something came just now: for when the line may have been lost unseen. */
  wake(): void {
    if (this.#isGreeted && performance.now() - this.#heardAt >= this.patience.answerMs) this.probe();
  }

  /** The line broke. */
  cut(): void {
    if (this.#isGreeted) this.quiet.lost(performance.now() - this.#heardAt);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #probe(quietMs: number): void {
    if (this.#probedAt !== undefined) return;
    this.#askedAt = undefined;
    this.#probedAt = performance.now();
    this.#probedQuietMs = quietMs;
    this.#arm(this.patience.pongMs);
    this.ping();
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    if (this.#probedAt !== undefined && !this.#isAnswered()) return;
    const askedAt = this.#askedAt;
    this.#askedAt = undefined;
    if (askedAt !== undefined && this.#heardAt < askedAt) return this.probe();
    const quietMs = performance.now() - this.#heardAt;
    if (quietMs >= this.quiet.ms) this.#probe(quietMs);
    else this.#arm(this.quiet.ms - quietMs);
  }

  /** Whether anything came after the ping; where not, that is the end. */
  #isAnswered(): boolean {
    const isAnswered = this.#heardAt >= (this.#probedAt ?? 0);
    this.#probedAt = undefined;
    if (!isAnswered) {
      this.quiet.lost(this.#probedQuietMs);
      this.onSilent();
    } else if (this.#probedQuietMs > 0) {
      this.quiet.held();
    }
    return isAnswered;
  }
}
