import { FILE_LIMITS } from '@pokers/protocol/limits';
import { type Actor, inThread } from '../chat/access.ts';
import type { Chat } from '../chat/chat.ts';
import type { HistoryPage } from '../store/store.ts';

/** The messages of a thread that have files, or pictures alone, the newest first. @throws as `inThread` */
export async function readFiles(
  chat: Chat,
  actor: Actor,
  { thread, pictures, before }: { thread: number; pictures: boolean; before?: number | undefined },
): Promise<HistoryPage> {
  await inThread(chat, actor, 'see_class', thread);
  return chat.store.filesOf(thread, { pictures, before, limit: FILE_LIMITS.filesPage });
}
