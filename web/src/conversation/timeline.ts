import type { ChatMessage } from '@pokers/sdk';

/** Seconds between two messages of a speaker that still belong together. */
const TOGETHER_SECONDS = 5 * 60;

export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  /** Unix seconds: any time of that day. */
  readonly date: number;
}

export interface MessageRow {
  readonly kind: 'message';
  readonly key: number;
  readonly message: ChatMessage;
  /** Whether it opens a group, and so carries the speaker's name and the time. */
  readonly leads: boolean;
}

export type Row = DayRow | MessageRow;

/** What a conversation looks like from top to bottom. A message without a date (0) opens no day. */
export function timelineOf(messages: readonly ChatMessage[]): Row[] {
  const rows: Row[] = [];
  let previous: ChatMessage | undefined;
  let day = '';
  for (const message of messages) {
    const ownDay = message.date === 0 ? day : new Date(message.date * 1000).toDateString();
    const opensDay = ownDay !== day;
    if (opensDay) rows.push({ kind: 'day', key: `day before ${message.id}`, date: message.date });
    const leads = opensDay || !belongsTo(previous, message.speaker, message.date);
    rows.push({ kind: 'message', key: message.id, message, leads });
    previous = message;
    day = ownDay;
  }
  return rows;
}

/** Whether what is said by this speaker at this time continues what was said before. */
export function belongsTo(previous: ChatMessage | undefined, speaker: number, date: number): boolean {
  return previous?.speaker === speaker && date - previous.date < TOGETHER_SECONDS;
}
