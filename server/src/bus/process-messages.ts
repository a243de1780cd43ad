import type { BusEvent } from './bus.ts';

/** Events that may be under way between one worker and the supervisor, in each direction. */
export const IN_FLIGHT_MAX = 50_000;

/**
 * What the process bus says over IPC. `events`: up, those that a worker published; down, those of any worker (`own` of
 * them the receiver's). `taken`: a worker has delivered so many. `gap`: a worker died, and its last events with it.
 */
export type BusMessage =
  | { readonly bus: 'events'; readonly events: readonly BusEvent[]; readonly own?: number }
  | { readonly bus: 'taken'; readonly count: number }
  | { readonly bus: 'gap' };

export function isBusMessage(message: unknown): message is BusMessage {
  return typeof message === 'object' && message !== null && 'bus' in message;
}
