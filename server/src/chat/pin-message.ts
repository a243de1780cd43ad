import type { Message } from '@pokers/protocol/message';
import { type Actor, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Pins a message to its thread, or unpins it. @throws limit_reached, store_unavailable, and as `onMessage` */
export async function pinMessage(chat: Chat, user: Actor, pin: Target & { on: boolean }): Promise<Message> {
  await onMessage(chat, user, 'pin_message', pin.message);
  return changeMessage(chat, user, pin, { kind: 'pin', on: pin.on });
}
