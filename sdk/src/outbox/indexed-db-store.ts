import { DEFAULTS } from '../defaults.ts';
import type { StoredEntry } from './entry.ts';
import type { OutboxStore } from './store.ts';

const ENTRIES = 'entries';

/**
 * Keeps entries in the browser, where all pages of the same origin find them, also after a reload. The database is
 * opened at the first use, and again when the browser has closed it.
 */
export class IndexedDbOutboxStore implements OutboxStore {
  readonly durable = true;
  readonly shared = true;
  #database: Promise<IDBDatabase> | undefined;

  constructor(private readonly name = 'pokers-outbox') {}

  async read(owner: string): Promise<StoredEntry[]> {
    // An array sorts behind every text: from the owner's first id to behind the last.
    const mine = IDBKeyRange.bound([owner], [owner, []]);
    const rows = await this.#do('readonly', (entries) => entries.getAll(mine));
    return (rows as Row[]).map((row) => row.entry);
  }

  async add(owner: string, entry: StoredEntry): Promise<void> {
    await this.#do('readwrite', (entries) => entries.put(rowOf(owner, entry)));
  }

  async update(owner: string, entry: StoredEntry): Promise<void> {
    await this.#do('readwrite', (entries) => {
      const present = entries.getKey([owner, entry.id]);
      present.onsuccess = () => {
        if (present.result !== undefined) entries.put(rowOf(owner, entry));
      };
      return present;
    });
  }

  async remove(owner: string, ids: readonly string[]): Promise<void> {
    await this.#do('readwrite', (entries) => {
      for (const id of ids) entries.delete([owner, id]);
      return undefined;
    });
  }

  /** Resolves with the request's result when the transaction is on disk. */
  async #do(
    mode: IDBTransactionMode,
    work: (entries: IDBObjectStore) => IDBRequest | undefined,
  ): Promise<unknown> {
    this.#database ??= this.#open();
    const database = await this.#database;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(ENTRIES, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(ENTRIES));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was ended.'));
    });
  }

  #open(): Promise<IDBDatabase> {
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES, { keyPath: ['owner', 'id'] });
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onclose = () => this.#forget(opening);
        request.result.onversionchange = () => {
          this.#forget(opening);
          request.result.close();
        };
        resolve(request.result);
      };
      // A browser with a damaged profile never answers; what is written must go out nevertheless.
      setTimeout(() => reject(new Error('The browser’s storage does not answer.')), DEFAULTS.storageMs);
    });
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(opening: Promise<IDBDatabase>): void {
    if (this.#database === opening) this.#database = undefined;
  }
}

interface Row {
  readonly owner: string;
  readonly id: string;
  readonly entry: StoredEntry;
}

const rowOf = (owner: string, entry: StoredEntry): Row => ({ owner, id: entry.id, entry });
