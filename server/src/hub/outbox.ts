import type { Message } from '@pokers/protocol/message';

export const OUTBOX = {
  /**
   * Longest that an event waits for others, in ms. With it, a thousand members at 100 posts/s cost less than half of what
   * they cost without (docs/performance.md), and nobody sees the difference.
   */
  windowMaxMs: 50,
  /** Longest that an event waits because the link is busy, in ms: then it goes, and who cannot keep up falls behind. */
  patienceMs: 2_000,
  /** Deliveries a second (events times members) for which the window grows by 1 ms. */
  deliveriesPerMs: 2_000,
  /** How often it is looked whose window has passed, in ms. */
  tickMs: 5,
  /** Events that wait in one thread; one more sends them at once. */
  waitingMax: 500,
  /** Over how long the rate of a thread is taken, in ms. */
  rateMs: 1_000,
} as const;

/** What waits in one thread, and how busy it is. */
export class Waiting {
  /** Changes, in order of seq, and those of them that are new messages for classic connections. */
  changes: Message[] = [];
  records: Message[] = [];
  /** The seq before the first of them, and when that one came. */
  since = 0;
  waitingAt = 0;
  /** When the last frame left, and how many events came lately, as of `countedAt`. In ms of the process's clock. */
  sentAt = Number.NEGATIVE_INFINITY;
  recent = 0;
  countedAt = 0;
}

/** A thread with listeners, as the outbox sees it. */
export interface Outgoing {
  readonly waiting: Waiting;
  /** How many will get what is sent. */
  readonly audience: number;
}

/**
 * Adaptive coalescing. The first event after a quiet moment leaves at once; while more come, those within a short
 * window leave together, as one frame and one write for each member. The window grows with what the thread costs, so
 * that a small class never waits, and a thousand members who all talk cost less than half. Where the link is the
 * narrow part (`--egress`), events wait until it is free: the busier it is, the more of them share a frame.
 */
export class Outbox<Topic extends Outgoing> {
  readonly #send: (topic: Topic) => void;
  readonly #linkDelayMs: () => number;
  /** Topics in which something waits, in the order in which it came. */
  readonly #dirty = new Set<Topic>();
  #timer: Timer | undefined;

  /**
   * @param send takes what waits in a topic and sends it
   * @param linkDelayMs how long it takes until the link has sent what it got, as far as is known; 0 while it is free
   */
  constructor(send: (topic: Topic) => void, linkDelayMs: () => number) {
    this.#send = send;
    this.#linkDelayMs = linkDelayMs;
  }

  /** Something was added to what waits in the topic: `count` events. */
  added(topic: Topic, count: number): void {
    const now = performance.now();
    const { waiting } = topic;
    waiting.recent = waiting.recent * Math.exp((waiting.countedAt - now) / OUTBOX.rateMs) + count;
    waiting.countedAt = now;
    if (!this.#dirty.has(topic)) waiting.waitingAt = now;
    if (this.#isDue(topic, now) || waiting.changes.length > OUTBOX.waitingMax) return this.flush(topic, now);
    this.#dirty.add(topic);
    this.#timer ??= setInterval(() => this.#tick(), OUTBOX.tickMs);
  }

  /** Sends what waits in the topic, if anything does. */
  flush(topic: Topic, now: number = performance.now()): void {
    this.#dirty.delete(topic);
    if (topic.waiting.changes.length === 0) return;
    topic.waiting.sentAt = now;
    this.#send(topic);
  }

  /** The topic is gone, and so are those who would have heard. */
  forget(topic: Topic): void {
    this.#dirty.delete(topic);
  }

  #isDue(topic: Topic, now: number): boolean {
    const { sentAt, waitingAt } = topic.waiting;
    if (now - sentAt < windowOf(topic)) return false;
    return this.#linkDelayMs() <= 0 || now - waitingAt >= OUTBOX.patienceMs;
  }

  #tick(): void {
    const now = performance.now();
    for (const topic of this.#dirty) if (this.#isDue(topic, now)) this.flush(topic, now);
    if (this.#dirty.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function windowOf({ waiting, audience }: Outgoing): number {
  return windowMs(waiting.recent * (1_000 / OUTBOX.rateMs) * audience);
}

/** How long events of a thread gather that has so many deliveries a second, in ms. Less than a tick is not worth waiting for. */
export function windowMs(deliveriesPerSecond: number): number {
  const ms = deliveriesPerSecond / OUTBOX.deliveriesPerMs;
  return ms < OUTBOX.tickMs ? 0 : Math.min(OUTBOX.windowMaxMs, ms);
}
