import type { ChatMessage } from './chat-message.ts';
import type { PokersError } from './errors.ts';
import type { OutboxCommand } from './outbox/entry.ts';
import type { OutboxQueue } from './outbox/outbox-queue.ts';
import type { Place, Subscription } from './subscription.ts';
import type { FarPost } from './timeline.ts';

/** What happens in a channel. Messages are in `messages` before a listener hears of them. */
export type ThreadEvents = {
  /** Messages that are new or changed, each once, oldest first by id. Not called for loadOlder(). */
  change: (changed: readonly ChatMessage[]) => void;
  /** The messages were replaced as a whole: loaded, loaded anew, or the oldest half was let go. */
  reset: () => void;
  /** These were posted behind the loaded messages, which do not reach to the newest. */
  beyond: (posted: readonly FarPost[]) => void;
  /** The thread is there no longer for this user. The channel is over and its messages stay as they were. */
  lost: (error: PokersError) => void;
};

/** What a post may have beside its text. */
export interface PostExtra {
  /** The id of a file of one's own that was uploaded whole to the class; one that is no picture goes without words. */
  readonly file?: number;
  /** The message of the same thread that it answers. */
  readonly reply?: number;
  /** Members of the class whom it mentions, by id; 0 is everyone, for teachers. At most 20. */
  readonly mentions?: readonly number[];
}

/** A message that was changed: `seq` is that of its last change, this one or a later one. */
export interface Changed {
  readonly id: number;
  readonly seq: number;
}

/** A message that was stored. `date` is Unix seconds. */
export interface Posted extends Changed {
  readonly date: number;
}

/** One thread, kept in step with the server over reconnects. Made by `client.thread(id)`. */
export class ThreadChannel {
  constructor(
    private readonly subscription: Subscription,
    private readonly outbox: OutboxQueue,
  ) {}

  get id(): number {
    return this.subscription.id;
  }

  /**
   * Oldest first by id, without holes from the oldest loaded one to the newest (loaded one, after show()). It is the same array all the time, and
   * its content is what changes; a message that changed is another object.
   */
  get messages(): readonly ChatMessage[] {
    return this.subscription.timeline.messages;
  }

  /** Every change of the thread up to this number has been applied. */
  get seq(): number {
    return this.subscription.timeline.seq;
  }

  /** Whether there are messages that are older than the oldest loaded one. */
  get hasOlder(): boolean {
    return this.subscription.timeline.hasOlder;
  }

  /** Whether there are messages that are newer than the newest loaded one: only after show() or letGo(). */
  get hasNewer(): boolean {
    return this.subscription.timeline.hasNewer;
  }

  /** The id of the newest message that is known of, loaded or not; 0 where there is none. */
  get newest(): number {
    return this.subscription.timeline.newest;
  }

  /** Whether open() has done its work; stays so while the line is broken. */
  get opened(): boolean {
    return this.subscription.opened;
  }

  /** Returns the function that unsubscribes. */
  on<K extends keyof ThreadEvents>(event: K, listener: ThreadEvents[K]): () => void {
    return this.subscription.events.on(event, listener);
  }

  /**
   * Joins and loads the newest page; waits for a connection where there is none. Rejects with the PokersError of the
   * server's no (thread_not_found …), or `closed`; the channel is over then.
   */
  open(): Promise<void> {
    return this.subscription.open();
  }

  /**
   * Puts a page of older messages in front and returns whether there are still more. `limit` is 1 to 200, 50 without
   * it. Rejects with `network` while there is no line.
   */
  loadOlder(limit?: number): Promise<boolean> {
    return this.subscription.loadOlder(limit);
  }

  /** As loadOlder(), at the other end. */
  loadNewer(limit?: number): Promise<boolean> {
    return this.subscription.loadNewer(limit);
  }

  /**
   * Loads another place of the thread instead of what was loaded; emits `reset`. Rejects with `message_not_found` where
   * the message is not in this thread, with `network` while there is no line.
   */
  show(place: Place, limit?: number): Promise<void> {
    return this.subscription.show(place, limit);
  }

  /** Lets so many of the oldest and of the newest loaded messages go. They can be loaded again. */
  letGo(oldest: number, newest: number): void {
    this.subscription.timeline.letGo(oldest, newest);
  }

  /**
   * Says something; resolves when it is on the server's disk, which stores it once, however often the line breaks on
   * the way. Until then it is in `client.outbox`. What is said in a thread goes out in order, also while the thread is
   * not open, and is not taken back by leave(). Rejects with the PokersError of the server's no, and stays in the
   * outbox as failed; or, without an entry there, `too_long`, `bad_request` (blank), `too_many` (100 wait already),
   * `closed` (the client is, and its outbox is kept in memory only).
   */
  post(content: string, extra: PostExtra = {}): Promise<Posted> {
    return this.#say({ action: 'post', thread: this.id, content, ...extra }) as Promise<Posted>;
  }

  /**
   * Gives a message of one's own another text; goes through the outbox as a post does. Without mentions it keeps those
   * that it has.
   */
  edit(message: number, content: string, extra: Pick<PostExtra, 'mentions'> = {}): Promise<Changed> {
    return this.#say({ action: 'edit', thread: this.id, message, content, ...extra });
  }

  /** Takes a message away: one's own, or as a teacher anyone's. */
  delete(message: number): Promise<Changed> {
    return this.#say({ action: 'delete', thread: this.id, message });
  }

  /** Puts an emoji on a message, or takes one's own off. */
  react(message: number, emoji: string, on: boolean): Promise<Changed> {
    return this.#say({ action: 'react', thread: this.id, message, emoji, on });
  }

  /** Pins a message to the thread, or unpins it. For teachers. */
  pin(message: number, on: boolean): Promise<Changed> {
    return this.#say({ action: 'pin', thread: this.id, message, on });
  }

  /**
   * Everything up to this message was read; answers how many are still unread. Kept over a reload, too, but only the
   * newest: whoever waits for an older one gets the newest one's answer.
   */
  async markRead(message: number): Promise<number> {
    const answer = await this.outbox.add({ action: 'read', thread: this.id, message });
    return (answer as { unread: number }).unread;
  }

  /** Follows the thread no longer. Final: for coming back, `client.thread(id)` makes another channel. */
  leave(): void {
    this.subscription.leave();
  }

  /** The fields of the answer are those of the action: the line has compared the two. */
  #say(command: OutboxCommand): Promise<Changed> {
    return this.outbox.add(command, this.newest || undefined) as Promise<Changed>;
  }
}
