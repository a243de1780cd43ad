import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareBun } from './bare-bun.ts';
import { nchan } from './nchan.ts';
import { nodeWs } from './node-ws.ts';
import type { Peer } from './peer.ts';
import { pokersClassic, pokersProcesses, pokersV2 } from './pokers.ts';
import { socketIo } from './socket-io.ts';

/** In the order of the table. The last one is the yardstick. */
export const PEERS: readonly Peer[] = [pokersV2, pokersClassic, nodeWs, socketIo, bareBun];

/** Those that need more than `npm install`. */
export const MORE_PEERS: readonly Peer[] = [...pokersProcesses, nchan];

/** A peer that takes part, and what finds it again in another process. */
export interface Contender {
  readonly spec: string;
  readonly peer: Peer;
}

/** The peer of this name, or the one that a module at this path exports. @throws Error when there is none */
export async function findPeer(nameOrPath: string): Promise<Peer> {
  const known = [...PEERS, ...MORE_PEERS].find(({ name }) => name === nameOrPath);
  if (known) return known;
  if (!nameOrPath.includes('/')) {
    const names = [...PEERS, ...MORE_PEERS].map(({ name }) => name).join(', ');
    throw new Error(`there is no peer ${nameOrPath}; there are ${names}, and paths of modules`);
  }
  const module = (await import(pathToFileURL(resolve(nameOrPath)).href)) as { peer?: Peer };
  if (!module.peer) throw new Error(`${nameOrPath} does not export a peer`);
  return module.peer;
}
