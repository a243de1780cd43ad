import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import type { Store, Thread } from '../store/store.ts';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';

export interface ResumeAnswer {
  /** In order of seq, each message in its present state. */
  readonly changes: readonly Message[];
  readonly more: boolean;
  /** Up to here the reader now has everything. Below `after`: what it holds is another history, to be loaded anew. */
  readonly seq: number;
}

/** What changed in a thread after a seq, a page at a time. @throws thread_not_found */
export async function resume(
  chat: Chat,
  reader: Actor,
  query: { thread: number; after: number; limit?: number | undefined },
): Promise<ResumeAnswer> {
  const { thread } = await inThread(chat, reader, 'see_class', query.thread);
  return changesAfter(chat.store, thread, query);
}

/** The same, of a thread that the reader was found to see just now. */
export async function changesAfter(
  store: Store,
  thread: Thread,
  query: { after: number; limit?: number | undefined },
): Promise<ResumeAnswer> {
  const limit = query.limit ?? LIMITS.resumePage;
  const changes = await store.changesSince(thread.id, query.after, limit);
  const last = changes.at(-1)?.seq ?? thread.seq;
  if (changes.length === limit) return { changes, more: true, seq: last };
  return { changes, more: false, seq: Math.max(last, thread.seq) };
}
