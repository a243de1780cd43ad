import { fileURLToPath } from 'node:url';
import { launchNode, missingNode, onNode } from './node.ts';
import type { Peer } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('./socket-io-server.mjs', import.meta.url));

/** Its clients speak Engine.IO 4 over WebSocket: `0` opens, `2` pings, `3` answers, `4` is a packet of Socket.IO. */
export const socketIo: Peer = {
  name: 'socket.io',
  get about() {
    return `${onNode('socket.io')} with rooms, over WebSocket: nobody signs in, nothing is checked or stored`;
  },
  missing: missingNode,

  async start(place) {
    const server = await launchNode(place, PROGRAM);
    return { server, target: { port: Number(server.ready[1]) } };
  },

  connect: (_target, role, _index, thread = 0) => ({
    path: `/socket.io/?EIO=4&transport=websocket&role=${role}&thread=${thread}`,
    headers: {},
    steps: [{ until: '0{"sid"' }, { say: '40', until: '40{"sid"' }],
    textPing: { hear: '2', say: '3' },
  }),

  post: (_target, text) => `42${JSON.stringify(['post', text])}`,
};
