import type { Attachment } from './attachment.ts';

/** What is on its way, kept on this device with its bytes, so that a page that is opened again goes on. */
export interface KeptUploads {
  /** Of this user. */
  all(user: number): Promise<Attachment[]>;
  put(user: number, attachment: Attachment): Promise<void>;
  remove(key: string): Promise<void>;
  has(key: string): Promise<boolean>;
}

const DATABASE = 'pokers-uploads';
const STORE = 'uploads';

/** A device that keeps nothing loses with the page what was on its way: no call rejects. */
export function openKeptUploads(): KeptUploads {
  const database = open().catch(() => undefined);

  async function within<T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> {
    try {
      const store = (await database)?.transaction(STORE, mode).objectStore(STORE);
      return store && (await answerOf(ask(store)));
    } catch {
      return undefined;
    }
  }

  return {
    async all(user) {
      const rows = (await within<Kept[]>('readonly', (store) => store.getAll())) ?? [];
      return rows.flatMap(({ user: owner, ...attachment }) => (owner === user ? [attachment] : []));
    },
    async put(user, attachment) {
      await within('readwrite', (store) => store.put({ ...attachment, user } satisfies Kept));
    },
    async remove(key) {
      await within('readwrite', (store) => store.delete(key));
    },
    has: async (key) => ((await within('readonly', (store) => store.count(key))) ?? 0) > 0,
  };
}

type Kept = Attachment & { readonly user: number };

/** Some browsers refuse at once. */
async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
  return answerOf(request);
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
