import type { Event } from '@pokers/protocol/v2';
import type { Backoff } from './backoff.ts';
import type { ChatMessage } from './chat-message.ts';
import { DEFAULTS } from './defaults.ts';
import { Emitter } from './emitter.ts';
import { PokersError } from './errors.ts';
import type { Line } from './line.ts';
import type { ThreadEvents } from './thread-channel.ts';
import { type SyncedThread, ThreadSync } from './thread-sync.ts';
import { Timeline } from './timeline.ts';

/** After these the thread is not there for this user, and asking again does not change that. */
const GONE: ReadonlySet<string> = new Set([
  'thread_not_found',
  'class_not_found',
  'not_a_member',
  'forbidden',
]);

/** Pages of older messages that may be outdated before they arrive, until loadOlder() gives up. */
const OUTDATED_PAGES = 10;

/** What a subscription needs of its client. */
export interface Subscriber {
  /** Why one more thread cannot be opened now; undefined: it can. */
  refusal(): PokersError | undefined;
  /** The line that greeted; undefined while there is none. */
  line(): Line | undefined;
  /** The subscription is over: left, refused or lost. */
  release(subscription: Subscription): void;
}

/** That a thread is followed, from open() to leave(), over as many lines as it takes. */
export class Subscription implements SyncedThread {
  readonly events = new Emitter<ThreadEvents>();
  readonly timeline: Timeline;
  #wanted = false;
  #over = false;
  #sync: ThreadSync | undefined;
  #opening: { readonly resolve: () => void; readonly reject: (error: PokersError) => void }[] = [];
  #older: Promise<boolean> | undefined;

  constructor(
    readonly id: number,
    private readonly subscriber: Subscriber,
    private readonly backoff: Backoff,
  ) {
    this.timeline = new Timeline(id, DEFAULTS.timelineMessages);
  }

  /** Whether open() was called, and nothing has ended it since. */
  get wanted(): boolean {
    return this.#wanted;
  }

  get opened(): boolean {
    return this.#wanted && this.timeline.loaded;
  }

  open(): Promise<void> {
    if (this.opened) return Promise.resolve();
    const refusal = this.#over
      ? PokersError.closed('This channel was left. Take a new one.')
      : this.#refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#opening.push({ resolve, reject });
      this.#wanted = true;
      const line = this.subscriber.line();
      if (line) this.attach(line);
    });
  }

  /** One request at a time: whoever asks meanwhile gets the same answer. */
  loadOlder(limit?: number): Promise<boolean> {
    this.#older ??= this.#loadOlder(limit).finally(() => {
      this.#older = undefined;
    });
    return this.#older;
  }

  leave(): void {
    if (this.#sync)
      this.subscriber
        .line()
        ?.ask('leave', { thread: this.id })
        .catch(() => undefined);
    this.#finish(PokersError.closed('The thread was left.'));
  }

  /** There is a line: follow the thread over it, if that is wanted. */
  attach(line: Line): void {
    if (this.#wanted) this.#sync ??= new ThreadSync(line, this, this.backoff);
  }

  detach(): void {
    this.#sync?.stop();
    this.#sync = undefined;
  }

  receive(event: Event): void {
    this.#sync?.receive(event);
  }

  /** The server lets us hear the thread no longer. What is archived stays as it was, to be read. */
  ended(error: PokersError): void {
    if (error.error === 'class_archived') this.#sync?.still();
    else this.failed(error);
  }

  /** Follows the thread anew, where it could only be read. */
  tryAgain(): void {
    if (!this.#sync?.isStill) return;
    this.detach();
    const line = this.subscriber.line();
    if (line) this.attach(line);
  }

  /** The client was closed: whoever waits for open() waits in vain. What was opened goes on after the next connect(). */
  interrupt(error: PokersError): void {
    if (this.#opening.length > 0) this.#finish(error);
  }

  joined(): void {
    for (const waiter of this.#opening.splice(0)) waiter.resolve();
  }

  changed(messages: readonly ChatMessage[]): void {
    this.events.emit('change', messages);
  }

  replaced(): void {
    this.events.emit('reset');
  }

  failed(error: PokersError): boolean {
    if (this.#opening.length > 0) {
      this.#finish(error);
      return false;
    }
    if (!GONE.has(error.error)) return true;
    this.#finish(error);
    this.events.emit('lost', error);
    return false;
  }

  #refusal(): PokersError | undefined {
    return this.#wanted ? undefined : this.subscriber.refusal();
  }

  #finish(error: PokersError): void {
    this.#wanted = false;
    this.#over = true;
    this.detach();
    this.subscriber.release(this);
    for (const waiter of this.#opening.splice(0)) waiter.reject(error);
  }

  async #loadOlder(limit?: number): Promise<boolean> {
    for (let tries = 0; tries < OUTDATED_PAGES; tries++) {
      const before = this.timeline.messages[0]?.id;
      if (!this.timeline.hasOlder || before === undefined) return false;
      const line = this.subscriber.line();
      if (!line || !this.#wanted) throw PokersError.network('The thread is not connected right now.');
      const question = { thread: this.id, before, ...(limit !== undefined && { limit }) };
      if (this.timeline.prepend(await line.ask('history', question), before)) return this.timeline.hasOlder;
    }
    throw PokersError.network('Older messages change faster than they load.');
  }
}
