import type { OutboxEntry } from './entry.ts';
import type { OutboxQueue } from './outbox-queue.ts';

export type OutboxEvents = {
  /** entries() answers something else than before. */
  change: () => void;
  /** The server carried it out: a post became the message `id`, anything else changed it. Told in all pages. */
  answered: (entry: OutboxEntry, answer: { readonly id: number; readonly seq: number }) => void;
};

/**
 * What the user wrote and the server has not answered yet: posts, edits, deletions, reactions and pins, of all threads
 * and, in browsers, of all pages. It goes out in order when there is a line, and each is carried out once.
 */
export class Outbox {
  constructor(private readonly queue: OutboxQueue) {}

  /** In the order in which they were made: of one thread, or of all. */
  entries(thread?: number): readonly OutboxEntry[] {
    return this.queue.entries(thread);
  }

  /** Returns the function that unsubscribes. */
  on<K extends keyof OutboxEvents>(event: K, listener: OutboxEvents[K]): () => void {
    return this.queue.events.on(event, listener);
  }

  /** Sends a failed entry once more, behind what waits. Does nothing for others. */
  retry(id: string): void {
    this.queue.retry(id);
  }

  /** Takes an entry away. One that waits may be on its way already, and then it is carried out nevertheless. */
  discard(id: string): void {
    this.queue.discard(id);
  }

  /** Shows what this user wrote before there was a connection to say who the user is. Nothing is sent before that. */
  open(user: number): void {
    this.queue.open(user);
  }

  /** Resolves when what was kept is read and all changes so far are on disk; for programs that are about to end. */
  saved(): Promise<void> {
    return this.queue.saved();
  }
}
