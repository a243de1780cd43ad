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

export type BusEvent = ThreadEvent | SessionsEnded | ClassChanged;

export interface BusListener {
  onEvent(event: BusEvent): void;
  /** Events may have been missed: look into the store for what they were. */
  onGap(): void;
}

/**
 * Carries events to every process, the sender's own included: nobody hears of an event in any other way.
 *
 * - Every listener gets every event once. Events that one process published arrive everywhere in the order of
 *   publishing; between processes there is no order (`seq` has it).
 * - `publish` never blocks and never fails: the change is durable already. Where events can have been lost, every
 *   listener that may lack some is told by `onGap`.
 * - What waits to be carried is bounded; each implementation says what happens beyond that.
 */
export interface Bus {
  publish(event: BusEvent): void;
  /** One listener per process. It hears nothing that was published before it came. */
  listen(listener: BusListener): void;
  close(): Promise<void>;
}
