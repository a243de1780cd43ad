import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('./bare-bun-server.ts', import.meta.url));

export const bareBun: Peer = {
  name: 'bare-bun',
  about: 'Bun.serve with its own publish: nobody signs in, nothing is checked or stored',

  async start({ launch, bunFlags }) {
    const server = await launch([process.execPath, ...bunFlags, PROGRAM], /listening on (\d+)/);
    return { server, target: { port: Number(server.ready[1]) } };
  },

  connect: (_target, role, _index, thread = 0) => ({ path: `/${role}/${thread}`, headers: {}, steps: [] }),

  post: (_target, text) => text,
};
