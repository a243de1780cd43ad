import type { Message } from '@pokers/protocol/message';

/**
 * What happened in a thread. `changed`: a durable change, of which `message` is the present state. `announced`: a
 * classic client asked for the message to be shown to the classic connections in the thread; nothing changed.
 */
export interface ThreadEvent {
  readonly kind: 'changed' | 'announced';
  readonly message: Message;
}

/**
 * Sessions or tokens of a user were ended, or all of them with the account: whoever is connected by one that the store
 * does not know as good any more is to be sent away.
 */
export interface SessionsEnded {
  readonly kind: 'sessions-ended';
  readonly user: number;
}

/**
 * A class, or what somebody is in it, is another: rights may have ended, and its members look again. What it is now
 * stands in the store.
 */
export interface ClassChanged {
  readonly kind: 'class-changed';
  readonly class: number;
  /** Whom alone it is about, a member or one who was. */
  readonly user?: number;
}

/**
 * What passes and is stored nowhere, such as presence or typing: to those who follow the thread, or to everyone. It may
 * be lost, and nobody is told; who needs to know better says things again. `Signals` gives each name its schema.
 */
export interface Signal {
  readonly kind: 'signal';
  readonly name: string;
  readonly thread?: number;
  /** Anything that JSON can say. */
  readonly body: unknown;
}

export type BusEvent = ThreadEvent | SessionsEnded | ClassChanged | Signal;

export interface BusListener {
  onEvent(event: BusEvent): void;
  /** Events may have been missed, of this thread or of any: look into the store for what they were. */
  onGap(thread?: number): void;
}

/**
 * Carries events to every process, the sender's own included: nobody hears of an event in any other way.
 *
 * - Every listener gets every event once that is for everyone, and those of the threads that it follows. Those of one
 *   thread that one process published arrive everywhere in the order of publishing; between processes there is no
 *   order (`seq` has it).
 * - `publish` never blocks and never fails: the change is durable already. Where events can have been lost, every
 *   listener that may lack some is told by `onGap`. Signals alone may be lost without a word.
 * - What waits to be carried is bounded; each implementation says what happens beyond that.
 */
export interface Bus {
  publish(event: BusEvent): void;
  /** One listener per process. It hears nothing that was published before it came. */
  listen(listener: BusListener): void;
  /**
   * From now on the events of a thread are wanted here. Where that cannot be at once, `onGap` is called for the thread
   * as soon as it is so.
   */
  follow(thread: number): void;
  /** The events of a thread are not wanted here any more; some may come yet. */
  unfollow(thread: number): void;
  close(): Promise<void>;
}

/** The thread whose followers an event is for; undefined where it is for everyone. */
export function threadOf(event: BusEvent): number | undefined {
  if (event.kind === 'signal') return event.thread;
  return 'message' in event ? event.message.thread : undefined;
}
