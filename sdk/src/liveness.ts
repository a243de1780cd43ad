import { DEFAULTS } from './defaults.ts';

/** How long is too long, in ms. */
export interface Patience {
  readonly greetingMs: number;
  readonly quietMs: number;
  readonly pongMs: number;
}

/**
 * Notices that a server is gone although the socket says nothing: no hello in time, or no frame after a ping. One
 * timer, which is not set anew for every frame; the clock is the monotonic one.
 */
export class Liveness {
  #timer: ReturnType<typeof setTimeout>;
  #heardAt = performance.now();
  #probedAt: number | undefined;

  constructor(
    private readonly ping: () => void,
    private readonly onSilent: () => void,
    private readonly patience: Patience = DEFAULTS,
  ) {
    this.#timer = setTimeout(onSilent, patience.greetingMs);
  }

  /** The hello was answered: from now on silence is what counts. */
  greeted(): void {
    this.#arm(this.patience.quietMs);
  }

  /** A frame came. */
  heard(): void {
    this.#heardAt = performance.now();
  }

  /** Pings at once; a silence of `pongMs` after it is the end. */
  probe(): void {
    if (this.#probedAt !== undefined) return;
    this.#probedAt = performance.now();
    this.#arm(this.patience.pongMs);
    this.ping();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    if (this.#probedAt !== undefined && this.#heardAt < this.#probedAt) return this.onSilent();
    this.#probedAt = undefined;
    const quietMs = performance.now() - this.#heardAt;
    if (quietMs >= this.patience.quietMs) this.probe();
    else this.#arm(this.patience.quietMs - quietMs);
  }
}
