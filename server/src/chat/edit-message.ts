import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { messageFor } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Gives one's own message another text. @throws message_not_found, forbidden, nonce_conflict, store_unavailable */
export async function editMessage(
  chat: Chat,
  user: User,
  edit: Target & { content: string },
): Promise<Message> {
  const { message } = await messageFor(chat.store, user, edit.message);
  if (message.speaker !== user.id)
    throw new PokersError('forbidden', 'a message is edited by its speaker alone');
  if (message.type === 'file') throw new PokersError('forbidden', 'a file has no text to edit');
  return changeMessage(chat, user, edit, { kind: 'edit', content: edit.content });
}
