import type { Costs } from './costs.ts';
import type { Measured } from './figures.ts';
import { cpuOf } from './node.ts';
import { type BusyThread, trafficOf } from './traffic.ts';
import { randomBy } from './world.ts';

/** What the simulation says of a load that was measured too. CPU in µs per delivery. */
export interface Checked {
  readonly measured: Measured;
  readonly cpuUs: number;
  readonly perFrame: number;
}

export function check(measured: Measured, costs: Costs): Checked {
  const traffic = trafficOf(threadsOf(measured));
  const cpu = cpuOf(traffic, costs, measured.processes, measured.bus);
  return {
    measured,
    cpuUs: cpu / traffic.deliveries,
    perFrame: traffic.deliveries / traffic.writes,
  };
}

/** The kernel gives each connection to one of the processes that listen on the port, as if at random. */
function threadsOf({ members, threads, postsPerSecond, processes }: Measured): BusyThread[] {
  const random = randomBy(1);
  return Array.from({ length: threads }, () => {
    const audiences = new Array<number>(processes).fill(0);
    for (let member = 0; member < members / threads; member++) {
      const process = Math.floor(random() * processes);
      audiences[process] = (audiences[process] ?? 0) + 1;
    }
    return {
      postsPerSecond: postsPerSecond / threads,
      audiences: audiences.filter((audience) => audience > 0),
    };
  });
}
