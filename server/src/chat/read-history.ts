import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';

export interface HistoryAnswer {
  /** Oldest first, tombstones included. */
  readonly messages: readonly Message[];
  /** Whether there are older ones. */
  readonly more: boolean;
  /** The thread's seq from before the page was read: the page holds at least all changes up to it. */
  readonly seq: number;
}

/** A page of a thread, backwards from the newest or from the message `before`. @throws thread_not_found */
export async function readHistory(
  chat: Chat,
  reader: Actor,
  query: { thread: number; before?: number | undefined; limit?: number | undefined },
): Promise<HistoryAnswer> {
  const { thread } = await inThread(chat, reader, 'see_class', query.thread);
  const { store } = chat;
  const limit = query.limit ?? LIMITS.historyPageDefault;
  const page = await store.history(
    query.thread,
    query.before === undefined ? { limit } : { before: query.before, limit },
  );
  return { ...page, seq: thread.seq };
}
