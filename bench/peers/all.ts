import { bareBun } from './bare-bun.ts';
import type { Peer } from './peer.ts';
import { pokersClassic, pokersV2 } from './pokers.ts';

/** In the order of the table. The last one is the yardstick. */
export const PEERS: readonly Peer[] = [pokersV2, pokersClassic, bareBun];

/** @throws Error when there is none of this name */
export function peerNamed(name: string): Peer {
  const peer = PEERS.find((candidate) => candidate.name === name);
  if (!peer) throw new Error(`there is no peer ${name}`);
  return peer;
}
