import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { isTeacher, messageFor } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/** Takes a message away: one's own, or as a teacher anyone's. @throws message_not_found, forbidden, store_unavailable */
export async function deleteMessage(chat: Chat, user: User, target: Target): Promise<Message> {
  const { message, role } = await messageFor(chat.store, user, target.message);
  if (message.speaker !== user.id && !isTeacher(role)) {
    throw new PokersError('forbidden', 'a message is deleted by its speaker or a teacher');
  }
  return changeMessage(chat, user, target, { kind: 'delete' });
}
