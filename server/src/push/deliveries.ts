import type { PushSubscription } from '../store/notifications.ts';
import type { Letter, Outcome } from './push-service.ts';

/** A letter to a browser, and of what it tells: a message, by its number in its thread. */
export interface Delivery {
  readonly subscription: PushSubscription;
  readonly letter: Letter;
  readonly message: { readonly classroom: number; readonly thread: number; readonly number: number };
}

export interface DeliveriesParts {
  /** Whether the browser is to be told still: it is signed in, and its user has not read the message. */
  readonly isWanted: (delivery: Delivery) => Promise<boolean>;
  /** Never rejects. */
  readonly send: (delivery: Delivery) => Promise<Outcome>;
  /** The browser has given its subscription up. */
  readonly onGone: (subscription: PushSubscription) => void;
  readonly onRefused: (delivery: Delivery, status: number) => void;
  readonly onError: (error: unknown) => void;
  /** The wait before the first try again, in ms; each further one is four times as long. */
  readonly retryMs: number;
}

/** Letters that are on their way at the same time. */
const AT_ONCE = 6;

/** Letters that wait; one more is not sent, and counted. Some 1 KB each. */
const WAITING_MAX = 10_000;

/** Tries for one letter: with waits of 5, 20, 80 and 320 s. */
const TRIES = 5;

interface Waiting {
  readonly delivery: Delivery;
  readonly tries: number;
  /** In ms of the process's clock. */
  readonly notBefore: number;
}

/**
 * Letters to browsers, some at a time. A later one to the same browser about the same thread takes the place of one that
 * waits. What is not sent when the process ends is lost: people see the messages when they come.
 */
export class Deliveries {
  readonly #parts: DeliveriesParts;
  readonly #ready = new Map<string, Waiting>();
  readonly #later = new Map<string, Waiting>();
  #underway = 0;
  #isStopped = false;
  readonly counts = { sent: 0, failed: 0, dropped: 0 };

  constructor(parts: DeliveriesParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#ready.size + this.#later.size;
  }

  add(delivery: Delivery): void {
    const key = keyOf(delivery);
    this.#later.delete(key);
    if (!this.#ready.has(key) && this.waiting >= WAITING_MAX) this.counts.dropped++;
    else this.#ready.set(key, { delivery, tries: 0, notBefore: 0 });
    this.#pump();
  }

  /** Takes up those whose wait is over: to be called every second. */
  sweep(): void {
    const now = performance.now();
    for (const [key, waiting] of this.#later) {
      if (waiting.notBefore > now) continue;
      this.#later.delete(key);
      this.#ready.set(key, waiting);
    }
    this.#pump();
  }

  stop(): void {
    this.#isStopped = true;
    this.#ready.clear();
    this.#later.clear();
  }

  #pump(): void {
    for (const [key, waiting] of this.#ready) {
      if (this.#underway >= AT_ONCE || this.#isStopped) return;
      this.#ready.delete(key);
      this.#underway++;
      this.#deliver(key, waiting)
        .catch(this.#parts.onError)
        .finally(() => {
          this.#underway--;
          this.#pump();
        });
    }
  }

  async #deliver(key: string, { delivery, tries }: Waiting): Promise<void> {
    const { isWanted, send, onGone, onRefused, retryMs } = this.#parts;
    if (!(await isWanted(delivery))) return;
    const outcome = await send(delivery);
    if (outcome.kind === 'sent') {
      this.counts.sent++;
      return;
    }
    if (outcome.kind === 'gone') return onGone(delivery.subscription);
    if (outcome.kind !== 'later' || tries + 1 >= TRIES) {
      this.counts.failed++;
      return onRefused(delivery, outcome.status);
    }
    // A later letter about the same is in its place already.
    if (this.#ready.has(key) || this.#isStopped) return;
    const wait = Math.max(outcome.afterMs ?? 0, retryMs * 4 ** tries);
    this.#later.set(key, { delivery, tries: tries + 1, notBefore: performance.now() + wait });
  }
}

function keyOf({ subscription, message }: Delivery): string {
  return `${subscription.session}/${message.thread}`;
}
