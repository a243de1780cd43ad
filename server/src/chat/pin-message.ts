import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { isTeacher, messageFor } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Pins a message to its thread, or unpins it. @throws message_not_found, forbidden, limit_reached, store_unavailable */
export async function pinMessage(chat: Chat, user: User, pin: Target & { on: boolean }): Promise<Message> {
  const { role } = await messageFor(chat.store, user, pin.message);
  if (!isTeacher(role)) throw new PokersError('forbidden', 'messages are pinned by teachers');
  return changeMessage(chat, user, pin, { kind: 'pin', on: pin.on });
}
