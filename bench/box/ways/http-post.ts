import type { MessageView } from '@pokers/protocol/http';
import type { BoxPerson, BoxServer } from '../server.ts';
import { HttpLine, parsed } from './http-line.ts';

/** Posts as those do who have no socket: on a line of its own, which a browser would have closed since the last post. */
export async function postOverHttp(
  { host, port, thread }: BoxServer,
  { token }: BoxPerson,
  content: string,
): Promise<MessageView> {
  const line = new HttpLine(host, port, token);
  try {
    return parsed<MessageView>(await line.ask('POST', `/api/threads/${thread}/messages`, { content }));
  } finally {
    line.close();
  }
}
