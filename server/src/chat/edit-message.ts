import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import { type Actor, inThread, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';
import { mentioned, mentionsAll } from './mentions.ts';

/**
 * Gives one's own message another text, and other mentions where they are given.
 * @throws nonce_conflict, store_unavailable, and as `onMessage`
 */
export async function editMessage(
  chat: Chat,
  user: Actor,
  edit: Target & { content: string; mentions?: readonly number[] | undefined },
): Promise<Message> {
  const { message } = await onMessage(chat, user, 'edit_message', edit.message);
  if (message.type === 'file') throw new PokersError('forbidden', 'a file has no text to edit');
  const { content, mentions } = edit;
  if (mentionsAll(mentions)) await inThread(chat, user, 'mention_all', message.thread);
  return changeMessage(chat, user, edit, {
    kind: 'edit',
    content,
    ...(mentions && { mentions: await mentioned(chat.store, message.class, mentions) }),
  });
}
