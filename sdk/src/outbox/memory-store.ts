import type { StoredEntry } from './entry.ts';
import type { OutboxStore } from './store.ts';

/** Keeps entries as long as the client lives: over broken lines, not over a restart. */
export class MemoryOutboxStore implements OutboxStore {
  readonly durable = false;
  readonly shared = false;
  readonly #owners = new Map<string, Map<string, StoredEntry>>();

  async read(owner: string): Promise<StoredEntry[]> {
    return [...this.#of(owner).values()];
  }

  async add(owner: string, entry: StoredEntry): Promise<void> {
    this.#of(owner).set(entry.id, entry);
  }

  async update(owner: string, entry: StoredEntry): Promise<void> {
    if (this.#of(owner).has(entry.id)) this.#of(owner).set(entry.id, entry);
  }

  async remove(owner: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#of(owner).delete(id);
  }

  #of(owner: string): Map<string, StoredEntry> {
    const entries = this.#owners.get(owner) ?? new Map<string, StoredEntry>();
    this.#owners.set(owner, entries);
    return entries;
  }
}
