import { readOverHttp } from './http-reader.ts';
import type { Way } from './way.ts';

/** With so many seconds between two requests 95 % of all messages are fetched in 95 % of it: it must stay below 2 s. */
export const POLL_SECONDS = 1.5;

export const polling: Way = {
  name: 'polling',
  title: 'HTTP polling',
  about: `a request every ${POLL_SECONDS} s, on a line that is kept`,
  guess: { members: 90, postsPerSecond: 5 },
  join: (server, index, ears) =>
    readOverHttp(server, index, ears, { query: '', everyMs: POLL_SECONDS * 1000 }),
};
