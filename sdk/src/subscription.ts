import type { Event, Reply } from '@pokers/protocol/v2';
import type { Backoff } from './backoff.ts';
import type { ChatMessage } from './chat-message.ts';
import { DEFAULTS } from './defaults.ts';
import { Emitter } from './emitter.ts';
import { PokersError } from './errors.ts';
import type { Line, Question } from './line.ts';
import type { ThreadEvents } from './thread-channel.ts';
import { type SyncedThread, ThreadSync } from './thread-sync.ts';
import { type FarPost, Timeline } from './timeline.ts';

/** After these the thread is not there for this user, and asking again does not change that. */
const GONE: ReadonlySet<string> = new Set([
  'thread_not_found',
  'class_not_found',
  'not_a_member',
  'forbidden',
]);

/** Pages that may be outdated before they arrive, until whoever asked for them is told so. */
const OUTDATED_PAGES = 10;

/** Where in a thread a page is: around a message, or around the first one of a time (Unix s) or later; else the newest. */
export type Place = { readonly around?: number } | { readonly date?: number };

type PageQuestion = Omit<Question<'history'>, 'thread'>;

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
  #newer: Promise<boolean> | undefined;

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

  /** As loadOlder(). */
  loadNewer(limit?: number): Promise<boolean> {
    this.#newer ??= this.#loadNewer(limit).finally(() => {
      this.#newer = undefined;
    });
    return this.#newer;
  }

  async show(place: Place, limit?: number): Promise<void> {
    await this.#page(
      () => ({ ...place, ...limited(limit) }),
      (page) => this.timeline.show(page),
    );
    this.replaced();
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

  beyond(posted: readonly FarPost[]): void {
    this.events.emit('beyond', posted);
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
    const { timeline } = this;
    const first = (): number | undefined => (timeline.hasOlder ? timeline.messages[0]?.id : undefined);
    await this.#page(
      () => {
        const before = first();
        return before === undefined ? undefined : { before, ...limited(limit) };
      },
      (page, { before = 0 }) => timeline.prepend(page, before),
    );
    return timeline.hasOlder;
  }

  async #loadNewer(limit?: number): Promise<boolean> {
    const { timeline } = this;
    await this.#page(
      () => {
        const last = timeline.hasNewer ? timeline.messages.at(-1)?.id : undefined;
        return last === undefined ? undefined : { from: last + 1, ...limited(limit) };
      },
      (page, { from = 0 }) => timeline.append(page, from - 1),
    );
    return timeline.hasNewer;
  }

  /** Asks until a page fits; not at all where nothing is to be asked. */
  async #page(
    toAsk: () => PageQuestion | undefined,
    take: (page: Reply<'history'>, asked: PageQuestion) => boolean,
  ): Promise<void> {
    for (let tries = 0; tries < OUTDATED_PAGES; tries++) {
      const asked = toAsk();
      if (!asked) return;
      const line = this.subscriber.line();
      if (!line || !this.#wanted) throw PokersError.network('The thread is not connected right now.');
      if (take(await line.ask('history', { thread: this.id, ...asked }), asked)) return;
    }
    throw PokersError.network('Messages change faster than they load.');
  }
}

function limited(limit: number | undefined): { limit?: number } {
  return limit === undefined ? {} : { limit };
}
