import { LIMITS } from '@pokers/protocol/limits';
import type { Event } from '@pokers/protocol/v2';
import { Backoff, type BackoffRange } from './backoff.ts';
import { PokersError } from './errors.ts';
import type { Line } from './line.ts';
import type { OutboxQueue } from './outbox/outbox-queue.ts';
import { type Subscriber, Subscription } from './subscription.ts';
import { ThreadChannel } from './thread-channel.ts';

/** The channels of a client, one per thread, and what goes to all of them when a line comes or goes. */
export class Channels implements Subscriber {
  readonly #channels = new Map<
    number,
    { readonly channel: ThreadChannel; readonly subscription: Subscription }
  >();
  #line: Line | undefined;
  #closed: PokersError | undefined;

  constructor(
    private readonly outbox: OutboxQueue,
    private readonly range: BackoffRange,
    private readonly random: () => number,
  ) {}

  /** The channel of a thread; the same one until it is left. */
  get(id: number): ThreadChannel {
    const present = this.#channels.get(id);
    if (present) return present.channel;
    const subscription = new Subscription(id, this, new Backoff(this.range, this.random));
    const channel = new ThreadChannel(subscription, this.outbox);
    this.#channels.set(id, { channel, subscription });
    return channel;
  }

  attach(line: Line, user: { readonly id: number; readonly name: string }): void {
    this.#line = line;
    for (const subscription of this.#subscriptions()) {
      subscription.timeline.learn({ [user.id]: user.name });
      subscription.attach(line);
    }
  }

  detach(): void {
    this.#line = undefined;
    for (const subscription of this.#subscriptions()) subscription.detach();
  }

  receive(event: Event): void {
    this.#channels.get(event.t)?.subscription.receive(event);
  }

  /** The right to hear a thread has ended. */
  ended(thread: number, error: PokersError): void {
    this.#channels.get(thread)?.subscription.ended(error);
  }

  /** Rights have changed: what could not be heard live may be heard now. */
  tryAgain(): void {
    for (const subscription of this.#subscriptions()) subscription.tryAgain();
  }

  /** Another truth has begun: all channels load anew with the next line. */
  forget(): void {
    for (const subscription of this.#subscriptions()) subscription.timeline.forget();
  }

  /** Whoever waits for open() waits in vain, and nothing can be opened until reopen(). */
  close(error: PokersError): void {
    this.#closed = error;
    for (const subscription of this.#subscriptions()) subscription.interrupt(error);
  }

  reopen(): void {
    this.#closed = undefined;
  }

  refusal(): PokersError | undefined {
    if (this.#closed) return this.#closed;
    const wanted = this.#subscriptions().filter((subscription) => subscription.wanted).length;
    return wanted < LIMITS.joinsPerConnection ? undefined : PokersError.of('limit_reached');
  }

  line(): Line | undefined {
    return this.#line;
  }

  release(subscription: Subscription): void {
    if (this.#channels.get(subscription.id)?.subscription === subscription)
      this.#channels.delete(subscription.id);
  }

  #subscriptions(): Subscription[] {
    return [...this.#channels.values()].map((entry) => entry.subscription);
  }
}
