import type { ChatMessage } from '@pokers/sdk';

/** Seconds between two messages of a speaker that still belong together. */
const TOGETHER_SECONDS = 5 * 60;

export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  /** Unix seconds: any time of that day. */
  readonly date: number;
}

/** What follows was unread when the reader came. */
export interface NewRow {
  readonly kind: 'new';
  readonly key: string;
}

export interface MessageRow {
  readonly kind: 'message';
  readonly key: number;
  readonly message: ChatMessage;
  /** Whether it opens a group, and so carries the speaker's name and the time. */
  readonly leads: boolean;
}

export type Row = DayRow | NewRow | MessageRow;

/**
 * What a conversation looks like from top to bottom. A message without a date (0) opens no day.
 *
 * @param firstUnread where the line stands that says what is new
 */
export function timelineOf(messages: readonly ChatMessage[], firstUnread?: number): Row[] {
  const rows: Row[] = [];
  let previous: ChatMessage | undefined;
  let day = '';
  for (const message of messages) {
    const ownDay = message.date === 0 ? day : new Date(message.date * 1000).toDateString();
    const opensDay = ownDay !== day;
    if (opensDay) rows.push({ kind: 'day', key: `day before ${message.id}`, date: message.date });
    const opensNews = message.id === firstUnread;
    if (opensNews) rows.push({ kind: 'new', key: 'new' });
    const leads = opensDay || opensNews || !belongsTo(previous, message.speaker, message.date);
    rows.push({ kind: 'message', key: message.id, message, leads });
    previous = message;
    day = ownDay;
  }
  return rows;
}

/**
 * The first message of others that the reader has not read. Undefined where there is none, or where it may not be
 * among these messages. `me` is the reader, `read` the last message that she has read.
 */
export function firstUnreadOf(
  messages: readonly ChatMessage[],
  read: number | undefined,
  me: number,
  hasOlder: boolean,
): number | undefined {
  if (read === undefined || (hasOlder && (messages[0]?.id ?? 0) > read)) return undefined;
  return messages.find(({ id, speaker }) => id > read && speaker !== me)?.id;
}

/** Whether what is said by this speaker at this time continues what was said before. */
export function belongsTo(previous: ChatMessage | undefined, speaker: number, date: number): boolean {
  return previous?.speaker === speaker && date - previous.date < TOGETHER_SECONDS;
}
