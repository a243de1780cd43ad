import { BUS_EVENT_BYTES, type Costs, PACKET_BYTES, shareOf } from './costs.ts';
import type { Measured } from './figures.ts';
import { type Traffic, trafficOf } from './traffic.ts';
import { draw, type World } from './world.ts';

/** What a world asks of its nodes and of what stands between them, for a second. */
export interface Demand {
  readonly world: World;
  readonly traffic: Traffic;
  /** Of one core, and of one node. */
  readonly cpu: number;
  readonly memoryMb: number;
  /** To the clients, in Mbit/s, all headers included, of one node. */
  readonly linkMbit: number;
  /** From the bus to all nodes, in Mbit/s. */
  readonly busMbit: number;
  /** Nodes that hear a post, on average. */
  readonly nodesPerPost: number;
}

export function demandOf(world: World, costs: Costs): Demand {
  const { threads, times } = draw(world);
  const drawn = trafficOf(threads);
  const traffic: Traffic = {
    posts: drawn.posts * times,
    deliveries: drawn.deliveries * times,
    writes: drawn.writes * times,
    heard: drawn.heard * times,
  };
  const { nodes } = world;
  const bytes =
    traffic.deliveries * costs.bytesPerDelivery + traffic.writes * (costs.bytesPerWrite + PACKET_BYTES);
  return {
    world,
    traffic,
    cpu: cpuOf(traffic, costs, nodes, nodes === 1 ? 'memory' : 'redis') / 1e6 / nodes,
    memoryMb: costs.emptyMb + (costs.connectionKb * world.connected) / nodes / 1024,
    linkMbit: (bytes * 8) / 1e6 / nodes,
    busMbit: nodes === 1 ? 0 : (traffic.heard * BUS_EVENT_BYTES * 8) / 1e6,
    nodesPerPost: traffic.posts === 0 ? 0 : traffic.heard / traffic.posts,
  };
}

/** CPU in µs for what happens in a second, on all processes together. */
export function cpuOf(
  { posts, writes, heard }: Traffic,
  costs: Costs,
  processes: number,
  bus: Measured['bus'],
): number {
  const heardUs = bus === 'memory' ? 0 : shareOf(costs.heard[bus], heard / processes);
  return posts * shareOf(costs.post, posts / processes) + writes * costs.writeUs + heard * heardUs;
}

/** How full a node may be on average, so that a busy minute and the loss of a neighbour find room. */
export interface Room {
  /** Of one core: a serving process has one. */
  readonly cpu: number;
  readonly memoryMb: number;
  readonly linkMbit: number;
}

/** What fills the node first. */
export function fullest(
  { cpu, memoryMb, linkMbit }: Demand,
  room: Room,
): { part: keyof Room; share: number } {
  const shares: [keyof Room, number][] = [
    ['cpu', cpu / room.cpu],
    ['memoryMb', memoryMb / room.memoryMb],
    ['linkMbit', linkMbit / room.linkMbit],
  ];
  const [part, share] = shares.reduce((most, one) => (one[1] > most[1] ? one : most));
  return { part, share };
}

/** The fewest nodes that have room for the world. @throws Error where no number of nodes has */
export function nodesFor(world: Omit<World, 'nodes'>, costs: Costs, room: Room): Demand {
  let [low, high] = [1, 1];
  const fits = (nodes: number): boolean => fullest(demandOf({ ...world, nodes }, costs), room).share <= 1;
  while (!fits(high)) {
    low = high + 1;
    high *= 2;
    if (high > NODES_MAX) throw new Error(`more than ${NODES_MAX} nodes would be needed`);
  }
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return demandOf({ ...world, nodes: low }, costs);
}

const NODES_MAX = 100_000;
