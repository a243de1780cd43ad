/** Who is notified of what: the server decides by it, and a page that tells by itself. Without zod, for the web client. */
import type { NotifyLevel, QuietHours } from './notifications.ts';

/** What someone has said, of a thread, of its class, and in general. */
export interface LevelChoice {
  readonly threadLevel: NotifyLevel | null | undefined;
  readonly classLevel: NotifyLevel | null | undefined;
  readonly level: NotifyLevel;
}

/**
 * What someone wants to hear of a thread. @param announces whether only teachers post there: what they announce is for
 * everyone who has not said otherwise
 */
export function levelIn({ threadLevel, classLevel, level }: LevelChoice, announces: boolean): NotifyLevel {
  if (threadLevel) return threadLevel;
  const usual = classLevel ?? level;
  return announces && usual === 'mentions' ? 'all' : usual;
}

/** Among mentions: everyone in the class. */
const EVERYONE = 0;

/** Whether someone is told of a message of another. @param answers who said the message that it answers */
export function concerns(
  { speaker, mentions }: { readonly speaker: number; readonly mentions: readonly number[] },
  answers: number | undefined,
  user: number,
  level: NotifyLevel,
): boolean {
  if (speaker === user || level === 'none') return false;
  return level === 'all' || answers === user || mentions.includes(user) || mentions.includes(EVERYONE);
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
