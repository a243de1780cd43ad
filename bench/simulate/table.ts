import { aligned } from '../aligned.ts';
import type { Checked } from './check.ts';
import type { Costs } from './costs.ts';
import { type Demand, fullest, type Room } from './node.ts';

const PARTS: Record<keyof Room, string> = { cpu: 'CPU', memoryMb: 'memory', linkMbit: 'link' };

/** For people: a row for each world. */
export function demandTable(demands: readonly Demand[], costs: Costs, room: Room): string {
  const rows = demands.map((demand) => {
    const { world, traffic } = demand;
    const { part, share } = fullest(demand, room);
    return [
      count(world.connected),
      count(world.classSize),
      String(world.postsPerMinute),
      count(world.nodes),
      count(traffic.posts),
      count(traffic.deliveries),
      demand.nodesPerPost.toFixed(1),
      count(traffic.heard),
      count(demand.busMbit),
      percent(demand.cpu),
      count(demand.memoryMb),
      count(demand.linkMbit),
      `${PARTS[part]} (${percent(share)} of its room)`,
    ];
  });
  const head = [
    'connected',
    'class',
    'posts/min',
    'nodes',
    'posts/s',
    'deliveries/s',
    'nodes/post',
    'bus events/s',
    'bus Mbit/s',
    'CPU/node',
    'MB/node',
    'Mbit/s/node',
    'full first',
  ];
  return `costs of ${costs.machine}\na node has room for ${percent(room.cpu)} of a core, ${room.memoryMb} MB, ${room.linkMbit} Mbit/s\n\n${aligned([head, ...rows]).join('\n')}\n`;
}

/** What was measured beside what the simulation says. */
export function checkTable(checked: readonly Checked[], costs: Costs): string {
  const rows = checked.map(({ measured, cpuUs, perFrame }) => [
    measured.workload,
    measured.peer,
    measured.cpuUs.toFixed(2),
    cpuUs.toFixed(2),
    `×${(cpuUs / measured.cpuUs).toFixed(2)}`,
    measured.perFrame.toFixed(2),
    perFrame.toFixed(2),
  ]);
  const head = ['workload', 'server', 'CPU µs/delivery', 'simulated', '', 'deliveries/frame', 'simulated'];
  return `costs of ${costs.machine}\n\n${aligned([head, ...rows]).join('\n')}\n`;
}

const count = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
const percent = (share: number): string => `${Math.round(share * 100)} %`;
