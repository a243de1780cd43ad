import { classicRecord } from '@pokers/protocol/classic';
import { LIMITS } from '@pokers/protocol/limits';
import { encodeEvents, type Message, toChange } from '@pokers/protocol/message';
import type { ThreadEvent } from '../bus/bus.ts';
import type { Store, Thread } from '../store/store.ts';
import type { Connection, Dialect } from './connection.ts';
import { Outbox, type Outgoing, Waiting } from './outbox.ts';

/** Sends one frame to every socket that subscribed to a topic: Bun's `server.publish`. */
export type Publish = (topic: string, frame: string) => void;

/** A thread that someone on this process listens to. */
class Topic implements Outgoing {
  readonly thread: number;
  readonly connections = { classic: new Set<Connection>(), v2: new Set<Connection>() };
  readonly waiting = new Waiting();
  /** The last change that was released here, and how many messages the thread had then. */
  seq: number;
  messages: number;
  repair: Promise<void> | undefined;
  /** Something more happened while a repair was under way. */
  behind = false;

  constructor({ id, seq, messages }: Pick<Thread, 'id' | 'seq' | 'messages'>) {
    this.thread = id;
    this.seq = seq;
    this.messages = messages;
  }

  get audience(): number {
    return this.connections.classic.size + this.connections.v2.size;
  }
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
  readonly #publish: Publish;
  readonly #onError: (error: unknown) => void;
  readonly #topics = new Map<number, Topic>();
  readonly #outbox = new Outbox<Topic>((topic) => this.#sendWaiting(topic));
  #joins = 0;
  #encoded = 0;
  #delivered = 0;
  #repairs = 0;

  constructor(store: Store, publish: Publish, onError: (error: unknown) => void) {
    this.#store = store;
    this.#publish = publish;
    this.#onError = onError;
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
   * the bus has yet to bring it to the others here. Twice is the same as once.
   */
  async join(connection: Connection, thread: Pick<Thread, 'id' | 'seq' | 'messages'>): Promise<void> {
    const present = this.#topics.get(thread.id);
    if (present && present.seq < thread.seq) await this.#startRepair(present);
    if (!connection.isOpen || connection.threads.has(thread.id)) return;
    const topic = this.#topics.get(thread.id) ?? new Topic(thread);
    this.#topics.set(thread.id, topic);
    this.#outbox.flush(topic);
    topic.connections[connection.dialect].add(connection);
    connection.threads.add(thread.id);
    connection.subscribe(nameOf(thread.id, connection.dialect));
    this.#joins++;
  }

  leave(connection: Connection, thread: number): void {
    const topic = this.#topics.get(thread);
    if (!topic || !connection.threads.delete(thread)) return;
    topic.connections[connection.dialect].delete(connection);
    connection.unsubscribe(nameOf(thread, connection.dialect));
    this.#joins--;
    if (topic.audience > 0) return;
    this.#topics.delete(thread);
    this.#outbox.forget(topic);
  }

  /** The connection is gone: it leaves every thread. */
  drop(connection: Connection): void {
    for (const thread of connection.threads) this.leave(connection, thread);
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

  /** Events may have been missed: the store has them. */
  catchUp(): void {
    for (const topic of this.#topics.values()) void this.#startRepair(topic);
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
      topic.seq = change.seq;
      if (change.number <= topic.messages) continue;
      topic.messages = change.number;
      if (!change.awaits_announce && change.deleted === null) waiting.records.push(change);
    }
    this.#outbox.added(topic, changes.length);
  }

  /** Sends what waits in a topic: to v2 connections as one frame, to classic ones each record for itself. */
  #sendWaiting(topic: Topic): void {
    const { changes, records, since } = topic.waiting;
    topic.waiting.changes = [];
    topic.waiting.records = [];
    if (topic.connections.v2.size > 0) {
      const follow = changes.every(({ seq }, index) => seq === since + 1 + index);
      this.#send(topic, 'v2', encodeEvents(topic.thread, changes.map(toChange), follow ? undefined : since));
    }
    for (const record of records) this.#sendRecord(topic, record);
  }

  #announce(topic: Topic, message: Message): void {
    this.#outbox.flush(topic);
    this.#sendRecord(topic, message);
  }

  #sendRecord(topic: Topic, message: Message): void {
    if (topic.connections.classic.size > 0) this.#send(topic, 'classic', classicRecord(message));
  }

  #send(topic: Topic, dialect: Dialect, frame: string): void {
    this.#encoded++;
    this.#delivered += topic.connections[dialect].size;
    this.#publish(nameOf(topic.thread, dialect), frame);
  }
}

function nameOf(thread: number, dialect: Dialect): string {
  return `${dialect}/${thread}`;
}
