import type { Message } from '@pokers/protocol/message';

/** The message of all examples, as the store holds it. Its text has 40 bytes. */
export const MESSAGE: Message = {
  id: 90210,
  seq: 412,
  number: 398,
  thread: 7,
  class: 3,
  speaker: 12,
  speaker_name: 'Ming',
  is_super: 0,
  type: 'text',
  content: 'Is exercise 7 on page 42, or on page 43?',
  date: 1_780_000_000,
  img_url: null,
  file_url: null,
  file_name: null,
  file_size: null,
  emoji_1: 0,
  emoji_2: 0,
  emoji_3: 0,
  log: null,
  edited: null,
  pinned: null,
  reactions: [],
  deleted: null,
  awaits_announce: false,
};
