import type { Message } from '@pokers/protocol/message';
import type { User } from '../store/store.ts';
import { messageFor } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Puts an emoji on a message, or takes one's own off. @throws message_not_found, limit_reached, store_unavailable */
export async function react(
  chat: Chat,
  user: User,
  reaction: Target & { emoji: string; on: boolean },
): Promise<Message> {
  await messageFor(chat.store, user, reaction.message);
  const { emoji, on } = reaction;
  return changeMessage(chat, user, reaction, { kind: 'react', emoji, on });
}
