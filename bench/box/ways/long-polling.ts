import { readOverHttp } from './http-reader.ts';
import type { Way } from './way.ts';

const WAIT_SECONDS = 25;

export const longPolling: Way = {
  name: 'long-polling',
  title: 'Long polling',
  about: `a request that waits up to ${WAIT_SECONDS} s for something new, and then the next`,
  guess: { members: 75, postsPerSecond: 3 },
  join: (server, index, ears) =>
    readOverHttp(server, index, ears, { query: `&wait=${WAIT_SECONDS}`, everyMs: 0 }),
};
