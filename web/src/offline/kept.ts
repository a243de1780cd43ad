/** What this browser keeps of one account, to show it without a line. The page and the service worker share it. */

const KEPT = 'kept';
const BY_AGE = 'at';

/** The row that says whose the others are. */
const OWNER = 'owner';

/** The keys of messages of threads begin with it. */
export const MESSAGES = 'thread/';

/** Where the newest messages of a thread are. */
export const keyOfMessages = (classId: number, threadId: number): string =>
  `${MESSAGES}${classId}/${threadId}`;

/** Lists and threads that are kept; beyond, the oldest are forgotten. */
const ROWS_MAX = 100;

interface Row {
  readonly key: string;
  readonly at: number;
  readonly value: unknown;
}

/**
 * From now on what is kept is this user's: what another one left is wiped first. A browser that stores nothing keeps
 * nothing, here and below, and is otherwise fine.
 */
export function own(user: number): Promise<void> {
  return change((kept) => {
    kept.get(OWNER).onsuccess = (event) => {
      if (valueIn(event) === user) return;
      kept.clear();
      kept.put({ key: OWNER, at: Number.POSITIVE_INFINITY, value: user } satisfies Row);
    };
  });
}

/** Whose it is; undefined where nothing is kept. */
export async function owner(): Promise<number | undefined> {
  const value = await find(OWNER);
  return typeof value === 'number' ? value : undefined;
}

/** Keeps something of a user; nothing happens where what is kept is another's by now. */
export function keep(user: number, key: string, value: unknown): Promise<void> {
  return change((kept) => {
    kept.get(OWNER).onsuccess = (event) => {
      if (valueIn(event) !== user) return;
      kept.put({ key, at: Date.now(), value } satisfies Row);
      kept.count().onsuccess = ({ target }) => forgetOldest(kept, resultOf(target) as number);
    };
  });
}

/** What was kept under a key; undefined where nothing was. */
export async function find(key: string): Promise<unknown> {
  const [value] = await findAll([key]);
  return value;
}

/** What was kept under each key, all at the same moment. */
export async function findAll(keys: readonly string[]): Promise<readonly unknown[]> {
  const database = await open().catch(() => undefined);
  if (!database) return [];
  return new Promise((resolve) => {
    const transaction = database.transaction(KEPT);
    const requests = keys.map((key) => transaction.objectStore(KEPT).get(key));
    transaction.oncomplete = () => resolve(requests.map(({ result }) => (result as Row | undefined)?.value));
    transaction.onabort = () => resolve([]);
  });
}

export function forget(keys: readonly string[]): Promise<void> {
  return change((kept) => {
    for (const key of keys) kept.delete(key);
  });
}

/** The keys that begin with a text. */
export async function keysOf(prefix: string): Promise<string[]> {
  const database = await open().catch(() => undefined);
  if (!database) return [];
  return new Promise((resolve) => {
    const transaction = database.transaction(KEPT);
    const request = transaction.objectStore(KEPT).getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uFFFF`));
    transaction.oncomplete = () => resolve(request.result as string[]);
    transaction.onabort = () => resolve([]);
  });
}

export function wipe(): Promise<void> {
  return change((kept) => kept.clear());
}

function forgetOldest(kept: IDBObjectStore, count: number): void {
  let surplus = count - ROWS_MAX;
  if (surplus <= 0) return;
  kept.index(BY_AGE).openCursor().onsuccess = ({ target }) => {
    const cursor = resultOf(target) as IDBCursorWithValue | null;
    if (!cursor || surplus-- <= 0) return;
    cursor.delete();
    cursor.continue();
  };
}

/** Resolves when it is done, and also where the browser cannot. */
async function change(work: (kept: IDBObjectStore) => void): Promise<void> {
  const database = await open().catch(() => undefined);
  if (!database) return;
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(KEPT, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
    work(transaction.objectStore(KEPT));
  });
}

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('pokers-kept', 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(KEPT, { keyPath: 'key' }).createIndex(BY_AGE, 'at');
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onclose = forgetOpening;
      request.result.onversionchange = () => {
        forgetOpening();
        request.result.close();
      };
      resolve(request.result);
    };
  });
  opening.catch(forgetOpening);
  return opening;
}

function forgetOpening(): void {
  opening = undefined;
}

function valueIn({ target }: Event): unknown {
  return (resultOf(target) as Row | undefined)?.value;
}

function resultOf(target: EventTarget | null): unknown {
  return (target as IDBRequest).result;
}
