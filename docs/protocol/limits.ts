import { LIMITS } from '@pokers/protocol/limits';
import { code, table } from './markdown.ts';

/** What each limit is about, with its unit. A new limit without a line here does not compile. */
const MEANINGS: Record<keyof typeof LIMITS, readonly [unit: string, meaning: string]> = {
  frameBytes: ['bytes', 'largest frame from a client; a larger one closes the connection with 1009'],
  bodyBytes: ['bytes', 'largest body of an HTTP request; a larger one is refused with `too_long`'],
  contentChars: ['characters', 'longest text of a message'],
  userNameChars: ['characters', 'longest name of a person'],
  titleChars: ['characters', 'longest name of a class or thread'],
  descriptionChars: ['characters', 'longest description of a class'],
  passwordMinChars: ['characters', 'shortest password'],
  passwordMaxChars: ['characters', 'longest password'],
  nonceChars: ['characters', 'longest nonce'],
  joinsPerConnection: ['threads', 'that one v2 connection may be in; one more is refused with `too_many`'],
  waitingCommands: [
    'commands',
    'of one connection that may wait for their turn; one more closes it with 4003 (`too_many`)',
  ],
  historyPageDefault: ['messages', 'on a page of history where the request gives no `limit`'],
  historyPageMax: ['messages', 'on a page of history at most'],
  resumePage: ['messages', 'on a page of resume'],
  helloSeconds: [
    'seconds',
    'in which a v2 connection must say hello; else it is closed with 4002 (`silent`)',
  ],
  sendBufferBytes: ['bytes', 'that may wait for a reader who does not read; beyond, the line is cut'],
  listMax: ['entries', 'in a list of classes or threads'],
};

export function limitTable(): string {
  const rows = Object.entries(MEANINGS).map(([name, [unit, meaning]]) => [
    code(name),
    LIMITS[name as keyof typeof LIMITS].toLocaleString('en-US'),
    unit,
    meaning,
  ]);
  return table(['limit', 'value', 'unit', 'what it is about'], rows);
}
