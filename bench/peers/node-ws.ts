import { fileURLToPath } from 'node:url';
import { launchNode, missingNode, onNode } from './node.ts';
import type { Peer } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('./node-ws-server.mjs', import.meta.url));

export const nodeWs: Peer = {
  name: 'ws',
  get about() {
    return `${onNode('ws')}, which sends to one after another: nobody signs in, nothing is checked or stored`;
  },
  missing: missingNode,

  async start(place) {
    const server = await launchNode(place, PROGRAM);
    return { server, target: { port: Number(server.ready[1]) } };
  },

  connect: (_target, role, _index, thread = 0) => ({ path: `/${role}/${thread}`, headers: {}, steps: [] }),

  post: (_target, text) => text,
};
