import { owner } from '../src/offline/kept.ts';

declare const self: ServiceWorkerGlobalScope;

/** A post that waits in the SDK's outbox: see `StoredEntry` there. Its id is its nonce. */
interface Waiting {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly thread: number;
  readonly failure?: object;
}

interface Row {
  readonly owner: string;
  readonly id: string;
  readonly entry: Waiting;
}

const ENTRIES = 'entries';

/** Fields of an entry that are no part of the message. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['id', 'at', 'action', 'thread', 'after', 'failure']);

/**
 * Sends the posts that wait, although no page may be open any more. What a page sends as well is stored once, by its
 * nonce, and in its order. What the server refuses stays, for the page to show. @throws where there is no line: the
 * browser tries again
 */
export async function sendOutbox(): Promise<void> {
  const user = await owner();
  if (user === undefined || user !== (await whoIsSignedIn())) return;
  const key = `${self.location.origin} ${user}`;
  const database = await openOutbox();
  if (!database) return;
  try {
    const rows = await read(database, key);
    const waiting = rows.map(({ entry }) => entry).sort((a, b) => a.at - b.at);
    for (const entry of waiting) {
      if (entry.action !== 'post' || entry.failure) continue;
      const response = await post(entry);
      if (response.status >= 500 || response.status === 429) throw new Error(`later: ${response.status}`);
      if (response.ok) await remove(database, [key, entry.id]);
    }
  } finally {
    database.close();
  }
}

/** Whose session the browser has, by now. */
async function whoIsSignedIn(): Promise<number | undefined> {
  const response = await fetch('/api/me');
  if (response.status >= 500) throw new Error(`later: ${response.status}`);
  const { id } = (await response.json()) as { id?: number };
  return id;
}

function post(entry: Waiting): Promise<Response> {
  const said = Object.fromEntries(Object.entries(entry).filter(([field]) => !OWN_FIELDS.has(field)));
  return fetch(`/api/threads/${entry.thread}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...said, nonce: entry.id, announce: true }),
  });
}

/** Undefined where no page has made it yet. */
function openOutbox(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    const request = indexedDB.open('pokers-outbox');
    request.onupgradeneeded = () => request.transaction?.abort();
    request.onerror = () => resolve(undefined);
    request.onsuccess = () => resolve(request.result);
  });
}

function read(database: IDBDatabase, key: string): Promise<Row[]> {
  return done(
    database
      .transaction(ENTRIES)
      .objectStore(ENTRIES)
      .getAll(IDBKeyRange.bound([key], [key, []])),
  );
}

function remove(database: IDBDatabase, key: [string, string]): Promise<undefined> {
  return done(database.transaction(ENTRIES, 'readwrite').objectStore(ENTRIES).delete(key));
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
