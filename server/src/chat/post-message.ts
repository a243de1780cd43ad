import type { Message } from '@pokers/protocol/message';
import { isTeacher } from '@pokers/protocol/rights';
import { isVisible } from '@pokers/protocol/v2';
import { PokersError } from '../errors.ts';
import { type Actor, inThread } from './access.ts';
import type { Chat } from './chat.ts';
import { mentioned, mentionsAll } from './mentions.ts';

export interface Post {
  readonly thread: number;
  /** Blank only with a file. */
  readonly content: string;
  readonly file?: number | undefined;
  /** The message of the thread that it answers. */
  readonly reply?: number | undefined;
  /** Whom it mentions: see `mentioned`. */
  readonly mentions?: readonly number[] | undefined;
  readonly nonce?: string;
  /** The poster will announce it to classic connections itself (`announceMessage`). */
  readonly awaitsAnnounce?: boolean;
}

/**
 * Stores a message and, once it is on disk, tells everyone in the thread. With a nonce that was used before, nothing is
 * stored or told again, and the message of then is answered.
 * @throws message_not_found (what it answers is not in the thread), nonce_conflict, file_not_found, upload_unfinished,
 *   file_has_no_words, store_unavailable, and as `inThread`
 */
export async function postMessage(chat: Chat, speaker: Actor, post: Post): Promise<Message> {
  const { file, content, mentions, ...rest } = post;
  const command = mentionsAll(mentions) ? 'mention_all' : 'post';
  const { role, thread } = await inThread(chat, speaker, command, post.thread);
  const { store, bus, now, onPosted } = chat;
  if (post.reply !== undefined && (await store.message(post.reply))?.thread !== post.thread)
    throw new PokersError('message_not_found', 'what it answers is not in this thread');
  const { message, fresh } = await store.appendMessage({
    ...rest,
    content: isVisible(content) ? content : '',
    ...(file !== undefined && { file }),
    ...(mentions?.length && { mentions: await mentioned(store, thread.class, mentions) }),
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
