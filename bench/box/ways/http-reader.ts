import type { MessagesView } from '@pokers/protocol/http';
import { type BoxServer, personOf } from '../server.ts';
import { HttpLine, parsed } from './http-line.ts';
import { postOverHttp } from './http-post.ts';
import type { Ears, Member } from './way.ts';

/** How a member asks for what is new. */
export interface Asking {
  /** What a request adds to its query. */
  readonly query: string;
  /** From one request to the next, in ms; later where the answer takes longer. */
  readonly everyMs: number;
}

/** A member who asks over HTTP again and again, on one line, from where it last was. */
export async function readOverHttp(
  server: BoxServer,
  index: number,
  { heard, lost }: Ears,
  { query, everyMs }: Asking,
): Promise<Member> {
  const person = personOf(server, index);
  const line = new HttpLine(server.host, server.port, person.token);
  const path = `/api/threads/${server.thread}/messages`;
  let { seq: after } = parsed<MessagesView>(await line.ask('GET', `${path}?limit=1`));
  let isHere = true;

  const follow = async (): Promise<void> => {
    let next = performance.now() + Math.random() * everyMs; // nobody asks in step with the others
    while (isHere) {
      const waitMs = next - performance.now();
      if (waitMs > 0) await Bun.sleep(waitMs);
      if (!isHere) return;
      next = Math.max(next + everyMs, performance.now());
      const answer = await line.ask('GET', `${path}?after=${after}${query}`);
      after = parsed<MessagesView>(answer).seq;
      heard(answer.body);
    }
  };
  const fail = (error: unknown): void => {
    if (isHere) lost(String(error));
  };
  void follow().catch(fail);

  return {
    post: (text) => void postOverHttp(server, person, text).catch(fail),
    leave() {
      isHere = false;
      line.close();
    },
  };
}
