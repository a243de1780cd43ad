import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';

/** Where a page is: at most one of them; without any, at the newest. */
export interface Place {
  /** Message ids: only older ones; it and newer ones; those before it, and it and those after it. */
  readonly before?: number | undefined;
  readonly from?: number | undefined;
  readonly around?: number | undefined;
  /** Unix seconds: around the first message of this time or later. */
  readonly date?: number | undefined;
}

interface Page {
  /** Oldest first, tombstones included. */
  readonly messages: readonly Message[];
  /** Whether there are older ones. */
  readonly more: boolean;
  /** True: there are newer ones. */
  readonly newer?: boolean;
}

export interface HistoryAnswer extends Page {
  /** The thread's seq from before the page was read: the page holds at least all changes up to it. */
  readonly seq: number;
}

/**
 * A page of a thread.
 * @throws bad_request where it is asked for at two places, message_not_found where `around` is not in the thread, and as
 *   `inThread`
 */
export async function readHistory(
  { store, ...access }: Chat,
  reader: Actor,
  query: Place & { thread: number; limit?: number | undefined },
): Promise<HistoryAnswer> {
  const { before, from, around, date, limit = LIMITS.historyPageDefault } = query;
  if ([before, from, around, date].filter((place) => place !== undefined).length > 1)
    throw new PokersError('bad_request', 'give one of before, from, around and date');
  const { thread } = await inThread({ store, ...access }, reader, 'see_class', query.thread);
  const { id, seq } = thread;
  if (from !== undefined) return { ...(await pageFrom(store, id, from, limit)), seq };
  if (around !== undefined) {
    if ((await store.message(around))?.thread !== id) throw new PokersError('message_not_found');
    return { ...(await pageAround(store, id, around, limit)), seq };
  }
  const first = date === undefined ? undefined : await store.messageAt(id, date);
  if (first !== undefined) return { ...(await pageAround(store, id, first, limit)), seq };
  return { ...(await store.history(id, { limit, ...(before !== undefined && { before }) })), seq };
}

async function pageFrom(store: Store, thread: number, from: number, limit: number): Promise<Page> {
  const [page, older] = await Promise.all([
    store.historyFrom(thread, { from, limit }),
    store.history(thread, { before: from, limit: 1 }),
  ]);
  return { messages: page.messages, more: older.messages.length > 0, ...(page.more && { newer: true }) };
}

async function pageAround(store: Store, thread: number, message: number, limit: number): Promise<Page> {
  const half = Math.floor(limit / 2);
  const [page, older] = await Promise.all([
    store.historyFrom(thread, { from: message, limit: limit - half }),
    store.history(thread, { before: message, limit: half }),
  ]);
  return {
    messages: [...older.messages, ...page.messages],
    more: older.more || (half === 0 && older.messages.length > 0),
    ...(page.more && { newer: true }),
  };
}
