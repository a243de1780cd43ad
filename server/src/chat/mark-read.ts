import { PokersError } from '../errors.ts';
import type { Reading } from '../store/store.ts';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';

/**
 * The user has read a thread up to a message. Going back changes nothing, so that it can be said again at any time.
 * @returns what of the thread is still unread
 * @throws thread_not_found, message_not_found (also for a message of another thread), store_unavailable
 */
export async function markRead(
  chat: Chat,
  user: Actor,
  mark: { thread: number; message: number },
): Promise<Reading> {
  const { store } = chat;
  await inThread(chat, user, 'mark_read', mark.thread);
  const message = await store.message(mark.message);
  if (message?.thread !== mark.thread) throw new PokersError('message_not_found');
  await store.markRead({ user: user.id, ...mark, number: message.number });
  return store.reading(user.id, mark.thread);
}
