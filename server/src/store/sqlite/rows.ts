import type { Message } from '@pokers/protocol/message';

/** A row of `messages` as SQLite gives it. */
export type MessageRow = Omit<Message, 'awaits_announce'> & {
  readonly nonce: string | null;
  readonly awaits_announce: 0 | 1;
};

export function toMessage(row: MessageRow): Message {
  const { nonce: _nonce, awaits_announce, ...message } = row;
  return { ...message, awaits_announce: awaits_announce === 1 };
}
