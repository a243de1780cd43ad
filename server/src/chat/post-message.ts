import type { Message } from '@pokers/protocol/message';
import type { User } from '../store/store.ts';
import { isTeacher, threadFor } from './access.ts';
import type { Chat } from './chat.ts';

export interface Post {
  readonly thread: number;
  readonly content: string;
  readonly nonce?: string;
  /** The poster will announce it to classic connections itself (`announceMessage`). */
  readonly awaitsAnnounce?: boolean;
}

/**
 * Stores a message and, once it is on disk, tells everyone in the thread. With a nonce that was used before, nothing is
 * stored or told again, and the message of then is answered.
 * @throws thread_not_found, nonce_conflict, store_unavailable
 */
export async function postMessage({ store, bus, now }: Chat, speaker: User, post: Post): Promise<Message> {
  const { role } = await threadFor(store, speaker, post.thread);
  const { message, fresh } = await store.appendMessage({
    ...post,
    speaker: speaker.id,
    speakerName: speaker.name,
    isSuper: isTeacher(role),
    date: now(),
  });
  if (fresh) bus.publish({ kind: 'changed', message });
  return message;
}
