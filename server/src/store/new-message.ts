import type { Message } from '@pokers/protocol/message';
import type { MessageDraft } from './store.ts';

/** What of a message says which file it has. */
export type Shown = Pick<
  Message,
  'type' | 'content' | 'img_url' | 'file_url' | 'file_name' | 'file_size' | 'picture'
>;

export const NO_FILE = {
  type: 'text',
  img_url: null,
  file_url: null,
  file_name: null,
  file_size: null,
  picture: null,
} as const;

/** A message that was just posted, with what the store gave it. */
export function newMessage(
  draft: MessageDraft,
  given: Pick<Message, 'id' | 'class' | 'seq' | 'number'>,
): Message {
  return {
    id: given.id,
    thread: draft.thread,
    class: given.class,
    seq: given.seq,
    number: given.number,
    speaker: draft.speaker,
    speaker_name: draft.speakerName,
    is_super: draft.isSuper ? 1 : 0,
    content: draft.content,
    date: draft.date,
    ...NO_FILE,
    emoji_1: 0,
    emoji_2: 0,
    emoji_3: 0,
    log: null,
    edited: null,
    deleted: null,
    pinned: null,
    reply: draft.reply ?? null,
    mentions: draft.mentions ?? [],
    reactions: [],
    awaits_announce: draft.awaitsAnnounce ?? false,
  };
}
