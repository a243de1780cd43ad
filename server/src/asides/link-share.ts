import type { Egress } from '../hub/egress.ts';
import { frameWireBytes } from '../hub/wire-size.ts';

/** The part of the link that asides may fill. */
const SHARE = 0.05;

/** Longest that asides wait for what they have sent before, in ms. */
const WAIT_MAX_MS = 60_000;

/**
 * What asides (news, who types, who is here) may take of the link. They are the first to be thinned: while what is said
 * waits for the link they wait too, and they never fill more than a twentieth of it.
 */
export class LinkShare {
  readonly #egress: Egress;
  /** When the next aside may leave, in ms of the process's clock. */
  #freeAt = 0;

  constructor(egress: Egress) {
    this.#egress = egress;
  }

  /** Whether an aside may leave now. */
  get isFree(): boolean {
    return performance.now() >= this.#freeAt && this.#egress.delayMs <= 0;
  }

  /** An aside left. @param payload in bytes */
  spend(payload: number, receivers = 1): void {
    const { limit } = this.#egress;
    if (limit === Infinity) return;
    const now = performance.now();
    const ms = ((frameWireBytes(payload) * receivers) / (limit * SHARE)) * 1_000;
    this.#freeAt = Math.min(Math.max(now, this.#freeAt) + ms, now + WAIT_MAX_MS);
  }
}
