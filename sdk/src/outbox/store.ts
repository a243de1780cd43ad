import type { StoredEntry } from './entry.ts';

/**
 * Where the outbox keeps what was not answered yet. The guarantees, which every implementation proves in the same
 * contract suite:
 *
 * - Entries belong to an owner; those of one are never seen by another.
 * - A promise resolves when the change would survive what the store survives, and changes take effect in the order in
 *   which they were asked for, whether or not the one before was awaited.
 * - What is read is what was written, however the process or page ended in between; never half of a change.
 *
 * Promises reject where the storage cannot do it (full, forbidden); nothing is changed then.
 */
export interface OutboxStore {
  /** Whether entries outlive the client, so that closing it gives nothing up. */
  readonly durable: boolean;
  /** Whether several pages see the same entries at the same time, so that they have to agree on who sends. */
  readonly shared: boolean;

  /** All entries of an owner, in any order. */
  read(owner: string): Promise<StoredEntry[]>;
  /** Keeps an entry; one of the same id is replaced. */
  add(owner: string, entry: StoredEntry): Promise<void>;
  /** Replaces the entry of the same id; where there is none, because another page discarded it, nothing happens. */
  update(owner: string, entry: StoredEntry): Promise<void>;
  /** Forgets entries; those that are not there are passed over. */
  remove(owner: string, ids: readonly string[]): Promise<void>;
}
