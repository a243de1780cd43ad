import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import { type Actor, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Gives one's own message another text. @throws nonce_conflict, store_unavailable, and as `onMessage` */
export async function editMessage(
  chat: Chat,
  user: Actor,
  edit: Target & { content: string },
): Promise<Message> {
  const { message } = await onMessage(chat, user, 'edit_message', edit.message);
  if (message.type === 'file') throw new PokersError('forbidden', 'a file has no text to edit');
  return changeMessage(chat, user, edit, { kind: 'edit', content: edit.content });
}
