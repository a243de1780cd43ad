import { SUBPROTOCOL } from '@pokers/protocol/v2';
import { type BoxServer, personOf } from '../server.ts';
import { openSocket } from './socket-line.ts';
import type { Ears, Member, Way } from './way.ts';

const guess = { members: 320, postsPerSecond: 75 };

export const v2: Way = {
  name: 'v2',
  title: 'Pokers WebSocket',
  about: 'our own protocol as our own client speaks it: lean frames',
  guess,
  join: (server, index, ears) => enterV2(server, index, ears, { lean: true }),
};

export const v2Plain: Way = {
  name: 'v2-plain',
  title: 'Pokers WebSocket, plain',
  about: 'our own protocol as the simplest client speaks it: text frames',
  guess,
  join: (server, index, ears) => enterV2(server, index, ears, {}),
};

/** Someone who posts and listens to nothing. */
export function enterAsPoster(server: BoxServer, index: number, ears: Ears): Promise<Member> {
  return enterV2(server, index, ears, {}, false);
}

async function enterV2(
  server: BoxServer,
  index: number,
  ears: Ears,
  form: { lean?: true },
  listens = true,
): Promise<Member> {
  const { thread } = server;
  const hello = { say: JSON.stringify({ action: 'hello', ref: 1, ...form }), until: '"op":"hello"' };
  const join = { say: JSON.stringify({ action: 'join', ref: 2, thread }), until: '"op":"join"' };
  const socket = await openSocket(
    server,
    {
      headers: { authorization: `Bearer ${personOf(server, index).token}` },
      protocols: [SUBPROTOCOL],
      steps: listens ? [hello, join] : [hello],
    },
    ears,
  );
  return {
    post(content) {
      socket.send(JSON.stringify({ action: 'post', ref: 3, thread, content, nonce: crypto.randomUUID() }));
    },
    leave: () => socket.leave(),
  };
}
