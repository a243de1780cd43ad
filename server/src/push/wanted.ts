import { EVERYONE, type Message } from '@pokers/protocol/message';
import type { NotifyLevel, QuietHours } from '@pokers/protocol/notifications';
import type { Wishes } from '../store/notifications.ts';

/** What of a message's place decides who is told. */
export interface Place {
  /** Whether only teachers post there: what they announce is for everyone who has not said otherwise. */
  readonly announces: boolean;
}

/** What someone wants to hear of a thread: what they said of it, else of its class, else in general. */
export function levelIn({ threadLevel, classLevel, level }: Wishes, { announces }: Place): NotifyLevel {
  if (threadLevel) return threadLevel;
  const usual = classLevel ?? level;
  return announces && usual === 'mentions' ? 'all' : usual;
}

/** A message, and who said the one that it answers. */
export interface Told {
  readonly message: Message;
  readonly answers: number | undefined;
}

/** The last of some messages that someone is told of; undefined: of none. */
export function lastWanted(
  told: readonly Told[],
  reader: { id: number; read: number; level: NotifyLevel },
): Message | undefined {
  const { id, read, level } = reader;
  if (level === 'none') return undefined;
  return told.findLast(
    ({ message, answers }) =>
      message.speaker !== id &&
      message.number > read &&
      (level === 'all' || answers === id || calls(message, id)),
  )?.message;
}

function calls({ mentions }: Message, user: number): boolean {
  return mentions.includes(user) || mentions.includes(EVERYONE);
}

/** Whether a time, in ms since 1970, lies in someone's quiet hours. */
export function isQuiet(quiet: QuietHours | undefined, now: number): boolean {
  if (!quiet) return false;
  const { from, until, zone } = quiet;
  const minute = minuteOf(now, zone);
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

/** Time zones whose clocks are kept, since each takes some 20 KB and a while to make; beyond, all are let go. */
const CLOCKS_MAX = 50;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Minutes after midnight in a time zone. */
function minuteOf(now: number, zone: string): number {
  if (clocks.size > CLOCKS_MAX) clocks.clear();
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(zone, clock);
  const [hour = 0, minute = 0] = clock.format(now).split(':').map(Number);
  return hour * 60 + minute;
}
