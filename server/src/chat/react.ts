import type { Message } from '@pokers/protocol/message';
import { type Actor, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Puts an emoji on a message, or takes one's own off. @throws limit_reached, store_unavailable, and as `onMessage` */
export async function react(
  chat: Chat,
  user: Actor,
  reaction: Target & { emoji: string; on: boolean },
): Promise<Message> {
  await onMessage(chat, user, 'react', reaction.message);
  const { emoji, on } = reaction;
  return changeMessage(chat, user, reaction, { kind: 'react', emoji, on });
}
