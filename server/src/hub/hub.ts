import { classicRecord } from '@pokers/protocol/classic';
import { encodeLeanEvents } from '@pokers/protocol/lean';
import { LIMITS } from '@pokers/protocol/limits';
import { encodeEvents, type Message, toChange } from '@pokers/protocol/message';
import type { Bus, ThreadEvent } from '../bus/bus.ts';
import type { Store, Thread } from '../store/store.ts';
import type { Connection, Form } from './connection.ts';
import type { Egress } from './egress.ts';
import { Outbox, type Outgoing, Waiting } from './outbox.ts';
import { type Frame, pack } from './pack.ts';
import { Held, latestOfEach, Recent } from './recent.ts';

/** Sends one frame to every socket that subscribed to a topic: Bun's `server.publish`. */
export type Publish = (topic: string, frame: Frame) => void;

/** Threads that are looked for in the store at the same time, where events of any may have been missed. */
const LOOKS_AT_ONCE = 100;

/** What must be known of a thread before it is listened to. */
type Followed = Pick<Thread, 'id' | 'class' | 'seq' | 'messages'>;

/** A thread that someone on this process listens to. */
class Topic implements Outgoing {
  readonly thread: number;
  readonly classroom: number;
  /** How many connections listen; which ones, each of them knows. */
  readonly connections: Record<Form, number> = { classic: 0, plain: 0, lean: 0 };
  readonly waiting = new Waiting();
  readonly recent: Recent;
  /** The last change that was released here, and how many messages the thread had then. */
  seq: number;
  messages: number;
  /** HTTP requests that wait for something beyond a seq: whom to call, once. */
  readonly waiters = new Map<() => void, number>();
  repair: Promise<void> | undefined;
  /** Something more happened while a repair was under way. */
  behind = false;

  constructor({ id, class: classroom, seq, messages }: Followed, held: Held) {
    this.thread = id;
    this.classroom = classroom;
    this.recent = new Recent(seq, held);
    this.seq = seq;
    this.messages = messages;
  }

  get audience(): number {
    const { classic, plain, lean } = this.connections;
    return classic + plain + lean + this.waiters.size;
  }

  wake(): void {
    for (const [wake, seq] of this.waiters) {
      if (seq >= this.seq) continue;
      this.waiters.delete(wake);
      wake();
    }
  }
}

export interface HubParts {
  readonly store: Store;
  readonly bus: Pick<Bus, 'follow' | 'unfollow'>;
  readonly publish: Publish;
  readonly egress: Egress;
  readonly onError: (error: unknown) => void;
}

export interface HubCounts {
  threads: number;
  /** Pairs of a connection and a thread that it joined. */
  joins: number;
  /** Events encoded, once per dialect. */
  encoded: number;
  /** Frames handed to sockets. */
  delivered: number;
  /** Times that the store was asked for events that had not come, or had not come in order. */
  repairs: number;
}

/**
 * Who on this process listens to what, and how frames reach them. Every thread's changes leave it in order of seq, each
 * once, whatever order the bus brought them in: a hole is filled from the store before anything after it goes out.
 */
export class Hub {
  readonly #store: Store;
  readonly #bus: HubParts['bus'];
  readonly #publish: Publish;
  readonly #onError: (error: unknown) => void;
  readonly #topics = new Map<number, Topic>();
  readonly #held = new Held();
  readonly #outbox: Outbox<Topic>;
  #lookingAtAll: Promise<void> | undefined;
  #mustLookAtAll = false;
  #joins = 0;
  #encoded = 0;
  #delivered = 0;
  #repairs = 0;

  constructor({ store, bus, publish, egress, onError }: HubParts) {
    this.#store = store;
    this.#bus = bus;
    this.#publish = publish;
    this.#onError = onError;
    this.#outbox = new Outbox(
      (topic) => this.#sendWaiting(topic),
      () => egress.delayMs,
    );
  }

  get counts(): HubCounts {
    const { size: threads } = this.#topics;
    return {
      threads,
      joins: this.#joins,
      encoded: this.#encoded,
      delivered: this.#delivered,
      repairs: this.#repairs,
    };
  }

  /**
   * From now on the connection gets what happens in the thread, which was read just now: nothing from before, even if
   * the bus has yet to bring it to the others here. Twice is the same as once. Answers the seq after which that begins.
   */
  async join(connection: Connection, thread: Followed): Promise<number> {
    const present = this.#topics.get(thread.id);
    if (present && present.seq < thread.seq) await this.#startRepair(present);
    if (!connection.isOpen) return thread.seq;
    const isNew = !this.#topics.has(thread.id);
    const topic = this.#follow(thread);
    this.#outbox.flush(topic);
    if (connection.threads.includes(thread.id)) return topic.seq;
    topic.connections[connection.form]++;
    connection.threads = [...connection.threads, thread.id];
    connection.subscribe(nameOf(thread.id, connection.form));
    this.#joins++;
    if (isNew) await this.#lookAgain(topic);
    return topic.seq;
  }

  leave(connection: Connection, thread: number): void {
    const topic = this.#topics.get(thread);
    if (!topic || !connection.threads.includes(thread)) return;
    topic.connections[connection.form]--;
    connection.threads = connection.threads.filter((joined) => joined !== thread);
    connection.unsubscribe(nameOf(thread, connection.form));
    this.#joins--;
    this.#forgetEmpty(topic);
  }

  /**
   * What changed in a thread after a seq, from memory, for a connection that has joined it; undefined where that must
   * be asked of the store. What changes after the `seq` of the answer comes to the connection as events.
   */
  recentChanges(
    connection: Connection,
    thread: number,
    after: number,
  ): { changes: Message[]; seq: number } | undefined {
    const topic = connection.threads.includes(thread) ? this.#topics.get(thread) : undefined;
    if (!topic || topic.repair || after > topic.seq) return undefined;
    const changes = topic.recent.after(after);
    return changes && { changes, seq: topic.seq };
  }

  /** How many v2 connections of this process are in a thread. */
  audienceOf(thread: number): number {
    const { plain = 0, lean = 0 } = this.#topics.get(thread)?.connections ?? {};
    return plain + lean;
  }

  /** Sends those in a thread what is no change of it. */
  whisper(thread: number, frame: string): void {
    const topic = this.#topics.get(thread);
    if (topic?.connections.plain) this.#send(topic, 'plain', frame);
    if (topic?.connections.lean) this.#send(topic, 'lean', frame);
  }

  /** The threads of a class that a connection has joined. */
  threadsOf(connection: Connection, classroom: number): number[] {
    return connection.threads.filter((thread) => this.#topics.get(thread)?.classroom === classroom);
  }

  /** The classes of the threads that a connection has joined. */
  classesOf(connection: Connection): ReadonlySet<number> {
    return new Set(connection.threads.flatMap((thread) => this.#topics.get(thread)?.classroom ?? []));
  }

  /** When something was last sent to all who are in a thread of the connection's, in ms of the process's clock. */
  sentAt(connection: Connection): number {
    const sent = connection.threads.map((thread) => this.#topics.get(thread)?.waiting.sentAt ?? 0);
    return Math.max(0, ...sent);
  }

  /** The connection is gone: it leaves every thread. */
  drop(connection: Connection): void {
    for (const thread of connection.threads) this.leave(connection, thread);
  }

  /**
   * Calls `wake` once, when something has changed in the thread that was read just now. Look again after this call: what
   * changed before it may call nobody. Answers how to take it back, which must be done in any case.
   */
  waitFor(thread: Followed, wake: () => void): () => void {
    const topic = this.#follow(thread);
    topic.waiters.set(wake, thread.seq);
    return () => {
      topic.waiters.delete(wake);
      this.#forgetEmpty(topic);
    };
  }

  /** Something happened in a thread. */
  deliver({ kind, message }: ThreadEvent): void {
    const topic = this.#topics.get(message.thread);
    if (!topic) return;
    if (kind === 'announced') return this.#announce(topic, message);
    if (topic.repair) {
      topic.behind = true;
      return;
    }
    if (message.seq <= topic.seq) return;
    if (message.seq === topic.seq + 1) this.#release(topic, [message]);
    else void this.#startRepair(topic);
  }

  /** Events may have been missed, of one thread or of any: the store has them. */
  catchUp(thread?: number): void {
    if (thread !== undefined) {
      const topic = this.#topics.get(thread);
      if (topic) this.#lookAgain(topic).catch(this.#onError);
      return;
    }
    this.#mustLookAtAll = true;
    this.#lookingAtAll ??= this.#lookAtAll().finally(() => {
      this.#lookingAtAll = undefined;
    });
  }

  /** Some threads after the others, so that what else is asked of the store has its turn. */
  async #lookAtAll(): Promise<void> {
    while (this.#mustLookAtAll) {
      this.#mustLookAtAll = false;
      const topics = [...this.#topics.values()];
      while (topics.length > 0) {
        const some = topics
          .splice(-LOOKS_AT_ONCE)
          .filter((topic) => this.#topics.get(topic.thread) === topic);
        await Promise.all(some.map((topic) => this.#startRepair(topic)));
      }
    }
  }

  #forgetEmpty(topic: Topic): void {
    if (topic.audience > 0 || this.#topics.get(topic.thread) !== topic) return;
    this.#topics.delete(topic.thread);
    this.#bus.unfollow(topic.thread);
    this.#outbox.forget(topic);
    topic.recent.clear();
  }

  #follow(thread: Followed): Topic {
    const present = this.#topics.get(thread.id);
    if (present) return present;
    const topic = new Topic(thread, this.#held);
    this.#topics.set(thread.id, topic);
    this.#bus.follow(thread.id);
    return topic;
  }

  /** What happened after the thread was read and before anyone here listened was told to nobody here. */
  async #lookAgain(topic: Topic): Promise<void> {
    const thread = await this.#store.thread(topic.thread);
    if (thread && thread.seq > topic.seq) await this.#startRepair(topic);
  }

  #startRepair(topic: Topic): Promise<void> {
    topic.behind = true;
    if (!topic.repair) {
      this.#repairs++;
      topic.repair = this.#repair(topic);
    }
    return topic.repair;
  }

  async #repair(topic: Topic): Promise<void> {
    try {
      while (topic.behind) {
        topic.behind = false;
        const changes = await this.#store.changesSince(topic.thread, topic.seq, LIMITS.resumePage);
        if (changes.length === LIMITS.resumePage) topic.behind = true;
        if (changes.length > 0) this.#release(topic, changes);
      }
    } catch (error) {
      this.#onError(error); // the next event tries again
    } finally {
      topic.repair = undefined;
    }
  }

  /** These are next in the thread: they go to the outbox, and nothing from before them ever will. */
  #release(topic: Topic, changes: readonly Message[]): void {
    const { waiting } = topic;
    if (waiting.changes.length === 0) waiting.since = topic.seq;
    for (const change of changes) {
      waiting.changes.push(change);
      topic.recent.add(change);
      topic.seq = change.seq;
      if (change.number <= topic.messages) continue;
      topic.messages = change.number;
      if (!change.awaits_announce && change.deleted === null) waiting.records.push(change);
    }
    this.#outbox.added(topic, changes.length);
  }

  /**
   * Sends what waits in a topic: to v2 connections as one frame, in which a message that changed more than once is
   * there once; to classic ones each record for itself.
   */
  #sendWaiting(topic: Topic): void {
    const { changes, records, since } = topic.waiting;
    topic.waiting.changes = [];
    topic.waiting.records = [];
    if (topic.connections.plain + topic.connections.lean > 0) this.#sendChanges(topic, changes, since);
    for (const record of records) this.#sendRecord(topic, record);
    topic.wake();
  }

  /** @param after the seq that the thread had before these */
  #sendChanges(topic: Topic, messages: readonly Message[], after: number): void {
    const { thread, connections } = topic;
    const changes = latestOfEach(messages).map(toChange);
    const follow = changes.every(([seq], index) => seq === after + 1 + index);
    const since = follow ? undefined : after;
    if (connections.plain > 0) this.#send(topic, 'plain', encodeEvents(thread, changes, since));
    if (connections.lean > 0) this.#send(topic, 'lean', pack(encodeLeanEvents(thread, changes, since)));
  }

  #announce(topic: Topic, message: Message): void {
    this.#outbox.flush(topic);
    this.#sendRecord(topic, message);
  }

  #sendRecord(topic: Topic, message: Message): void {
    if (topic.connections.classic > 0) this.#send(topic, 'classic', classicRecord(message));
  }

  #send(topic: Topic, form: Form, frame: Frame): void {
    this.#encoded++;
    this.#delivered += topic.connections[form];
    this.#publish(nameOf(topic.thread, form), frame);
  }
}

function nameOf(thread: number, form: Form): string {
  return `${form}/${thread}`;
}
