import { LIMITS } from '@pokers/protocol/limits';
import type { Change } from '@pokers/protocol/message';
import type { Event, Reply } from '@pokers/protocol/v2';
import type { Backoff } from './backoff.ts';
import type { ChatMessage } from './chat-message.ts';
import { DEFAULTS } from './defaults.ts';
import { isNetworkError, PokersError, toPokersError } from './errors.ts';
import type { Line, Question } from './line.ts';
import { type FarPost, type Stretch, type Timeline, toStretch } from './timeline.ts';

/** The thread that is kept in step, and what is done about it. */
export interface SyncedThread {
  readonly id: number;
  readonly timeline: Timeline;
  /** The thread is joined and a page of it is there. */
  joined(): void;
  /** Messages are new or changed; they are in the timeline already. */
  changed(messages: readonly ChatMessage[]): void;
  /** The messages of the timeline were replaced as a whole. */
  replaced(): void;
  /** These were posted behind the loaded ones. */
  beyond(posted: readonly FarPost[]): void;
  /** The server said no. Returns whether to try again after a while. */
  failed(error: PokersError): boolean;
}

/**
 * Keeps a thread's timeline in step with the server over one line; the next line gets another ThreadSync. An event is
 * applied at once where it is the next one. Where it is not, or while anything is being asked, events are held and
 * then taken one by one; what is missing is asked of the store.
 */
export class ThreadSync {
  readonly #held: Stretch[] = [];
  #heldChanges = 0;
  #joined = false;
  /** The store has changes that no held event brings. */
  #behind = false;
  #busy = true;
  #stopped = false;
  /** The thread is archived: it can be read, and nothing comes of it. */
  #isStill = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly line: Line,
    private readonly thread: SyncedThread,
    private readonly backoff: Backoff,
  ) {
    void this.#work();
  }

  receive(event: Event): void {
    const stretch = toStretch(event);
    if (this.#busy) return this.#hold(stretch);
    if (this.#isNext(stretch)) return this.#apply(stretch);
    this.#hold(stretch);
    void this.#work();
  }

  get isStill(): boolean {
    return this.#isStill;
  }

  /** Nothing comes of the thread any more, and nothing is missing. */
  still(): void {
    this.#isStill = true;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  get #timeline(): Timeline {
    return this.thread.timeline;
  }

  #isNext(stretch: Stretch): boolean {
    return this.#timeline.follows(stretch) && this.#timeline.nameless(stretch.changes).length === 0;
  }

  /** Bounded: beyond the bound all that was held is let go, for the store has it too. */
  #hold(stretch: Stretch): void {
    this.#held.push(stretch);
    this.#heldChanges += stretch.changes.length;
    if (this.#heldChanges <= DEFAULTS.heldChanges) return;
    this.#held.length = 0;
    this.#heldChanges = 0;
    this.#behind = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      if (!this.#joined) await this.#join();
      await this.#settle();
    } catch (error) {
      this.#fail(toPokersError(error));
    }
  }

  /** Join and, where nothing is known yet, the newest page: asked together, it saves a round trip. */
  async #join(): Promise<void> {
    const isNew = !this.#timeline.loaded;
    const [joined] = await Promise.all([this.#tryJoin(), isNew ? this.#reload() : undefined]);
    const seq = joined?.seq ?? (await this.#ask('history', { limit: 1 })).seq;
    const wentBack = !isNew && seq < this.#timeline.seq; // a backup was put back that brought its old epoch along
    if (wentBack || seq - this.#timeline.seq > DEFAULTS.farBehind) await this.#reload();
    this.#joined = true;
    if (seq > this.#timeline.seq) this.#behind = true;
    this.thread.joined();
  }

  /** Undefined where the thread is archived with its class. */
  async #tryJoin(): Promise<Reply<'join'> | undefined> {
    try {
      return await this.#ask('join', {});
    } catch (error) {
      if (!(error instanceof PokersError) || error.error !== 'class_archived') throw error;
      this.#isStill = true;
      return undefined;
    }
  }

  /** Until nothing is held and nothing is missing. */
  async #settle(): Promise<void> {
    while (!this.#stopped) {
      const stretch = this.#behind ? undefined : this.#held[0];
      if (stretch) await this.#takeHeld(stretch);
      else if (this.#behind) await this.#catchUp();
      else break;
    }
    this.backoff.reset();
    // Without an await since the last look at what is held: an event that comes now is not overlooked.
    this.#busy = false;
  }

  async #takeHeld(stretch: Stretch): Promise<void> {
    if (stretch.last > this.#timeline.seq) {
      if (this.#timeline.follows(stretch)) await this.#nameSpeakers(stretch.changes);
      else await this.#catchUpTo(stretch);
      this.#apply(stretch);
    }
    // Unless all of them were let go while something was asked.
    if (this.#held[0] !== stretch) return;
    this.#held.shift();
    this.#heldChanges -= stretch.changes.length;
  }

  /** An event is published after its commit, so the store has it; if it has not, it will after a while. */
  async #catchUpTo(stretch: Stretch): Promise<void> {
    await this.#catchUp();
    if (this.#timeline.seq < stretch.last) throw stale();
  }

  /** Asks for all that changed since, page by page; when that is very much, for the newest page instead. */
  async #catchUp(): Promise<void> {
    const from = this.#timeline.seq;
    while (this.#timeline.seq - from <= DEFAULTS.farBehind) {
      const after = this.#timeline.seq;
      // Before asking: what is let go from here on may not be on the page.
      this.#behind = false;
      const page = await this.#ask('resume', { after });
      this.#show(this.#timeline.catchUp(page));
      if (!page.more) return;
      if (page.seq <= after) throw stale();
    }
    this.#behind = false;
    await this.#reload();
  }

  async #reload(): Promise<void> {
    this.#timeline.replace(await this.#ask('history', {}));
    this.thread.replaced();
  }

  /** Events carry no names: a page of history that ends with the message does. Asked once per speaker. */
  async #nameSpeakers(changes: readonly Change[]): Promise<void> {
    let limit = Math.min(changes.length, LIMITS.historyPageMax);
    for (;;) {
      const newest = this.#timeline.nameless(changes).reduce<Change | undefined>(later, undefined);
      if (!newest) return;
      const [, id, speaker] = newest;
      const page = await this.#ask('history', { before: id + 1, limit });
      this.#timeline.learn({ [speaker]: '', ...page.names });
      // The first page has the names of nearly all; those who changed older messages are asked for one by one.
      limit = 1;
    }
  }

  #apply(stretch: Stretch): void {
    if (stretch.last > this.#timeline.seq) this.#show(this.#timeline.take(stretch));
  }

  #show(messages: readonly ChatMessage[]): void {
    const trimmed = this.#timeline.trim();
    const beyond = this.#timeline.takeBeyond();
    if (messages.length > 0) this.thread.changed(messages);
    if (beyond.length > 0) this.thread.beyond(beyond);
    if (trimmed) this.thread.replaced();
  }

  async #ask<N extends 'join' | 'history' | 'resume'>(
    action: N,
    question: Omit<Question<N>, 'thread'>,
  ): Promise<Reply<N>> {
    if (this.#stopped) throw stopped();
    const reply = await this.line.ask(action, { thread: this.thread.id, ...question } as Question<N>);
    if (this.#stopped) throw stopped();
    return reply;
  }

  /** A broken line needs nothing: the next one starts anew. A no of the server is final, or worth another try. */
  #fail(error: PokersError): void {
    if (this.#stopped || isNetworkError(error) || !this.thread.failed(error) || this.#stopped) return;
    this.#behind = true;
    this.#retry = setTimeout(() => void this.#work(), this.backoff.next());
  }
}

const later = (a: Change | undefined, b: Change): Change => (a && a[1] > b[1] ? a : b);

const stopped = () => PokersError.closed('The thread is followed no longer.');

/** The store does not have yet what was announced. */
const stale = () => new PokersError(0, 'stale', 'The server does not have yet what it announced.');
