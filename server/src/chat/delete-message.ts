import type { Message } from '@pokers/protocol/message';
import { type Actor, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Takes a message away: one's own, or as a teacher anyone's. @throws store_unavailable, and as `onMessage` */
export async function deleteMessage(chat: Chat, user: Actor, target: Target): Promise<Message> {
  await onMessage(chat, user, 'delete_message', target.message);
  return changeMessage(chat, user, target, { kind: 'delete' });
}
