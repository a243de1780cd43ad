import type { Message } from '@pokers/protocol/message';
import { type Actor, onMessage } from './access.ts';
import { changeMessage, type Target } from './change-message.ts';
import type { Chat } from './chat.ts';

/**
 * Takes a message away: one's own, or as a teacher anyone's, which the log of the class tells, but not what was said.
 * @throws store_unavailable, and as `onMessage`
 */
export async function deleteMessage(chat: Chat, user: Actor, target: Target): Promise<Message> {
  const { message, thread } = await onMessage(chat, user, 'delete_message', target.message);
  const { id, speaker, speaker_name } = message;
  if (speaker === user.id) return changeMessage(chat, user, target, { kind: 'delete' });
  return changeMessage(
    chat,
    user,
    target,
    { kind: 'delete' },
    {
      date: chat.now(),
      actor: { id: user.id, name: user.name },
      address: user.address,
      action: 'message.delete',
      class: thread.class,
      user: { id: speaker, name: speaker_name },
      detail: { thread: thread.id, message: id },
    },
  );
}
