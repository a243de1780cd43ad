import type { ChatMessage } from '@pokers/sdk';

/** Messages that are in the page at first, and that each step upwards adds. More would make a phone slow. */
export const SHOWN_STEP = 150;

/**
 * How many of the last messages to show after new ones came. Who follows needs no more than a step of them; who reads
 * further up keeps the same first message, however many come below.
 */
export function shownAfter(
  shown: number,
  before: readonly ChatMessage[],
  after: readonly ChatMessage[],
  following: boolean,
): number {
  if (following) return SHOWN_STEP;
  const first = before[Math.max(0, before.length - shown)];
  const at = first ? after.findIndex((message) => message.id >= first.id) : -1;
  return at < 0 ? SHOWN_STEP : after.length - at;
}
