import type { Message } from '@pokers/protocol/message';
import { isTeacher } from '@pokers/protocol/rights';
import { isVisible } from '@pokers/protocol/v2';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';

export interface Post {
  readonly thread: number;
  /** Blank only with a file. */
  readonly content: string;
  readonly file?: number | undefined;
  readonly nonce?: string;
  /** The poster will announce it to classic connections itself (`announceMessage`). */
  readonly awaitsAnnounce?: boolean;
}

/**
 * Stores a message and, once it is on disk, tells everyone in the thread. With a nonce that was used before, nothing is
 * stored or told again, and the message of then is answered.
 * @throws nonce_conflict, file_not_found, upload_unfinished, file_has_no_words, store_unavailable, and as `inThread`
 */
export async function postMessage(chat: Chat, speaker: Actor, post: Post): Promise<Message> {
  const { role } = await inThread(chat, speaker, 'post', post.thread);
  const { store, bus, now, onPosted } = chat;
  const { file, content, ...rest } = post;
  const { message, fresh } = await store.appendMessage({
    ...rest,
    content: isVisible(content) ? content : '',
    ...(file !== undefined && { file }),
    speaker: speaker.id,
    speakerName: speaker.name,
    isSuper: isTeacher(role),
    date: now(),
  });
  if (fresh) {
    bus.publish({ kind: 'changed', message });
    onPosted?.(message);
  }
  return message;
}
