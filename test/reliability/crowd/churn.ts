import { metricsOf } from '../../actors/metrics.ts';
import { startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { Violation } from '../checker/violation.ts';
import { Crowd } from './crowd.ts';
import { foundTown } from './town.ts';
import { cpuSeconds, residentMb } from './usage.ts';

export interface ChurnReport {
  readonly connects: number;
  readonly refused: number;
  readonly perSecond: number;
  /** CPU of the server for one connection that comes, joins and goes, in µs. */
  readonly cpuUsEach: number;
  /** Resident memory after each tenth, MB. */
  readonly residentMb: readonly number[];
}

const PROCESSES = 2;
const AT_ONCE = 50;
const STEPS = 10;

/** What memory may grow by from the second tenth to the last, in MB: what a flat line may look like. */
const GROWTH_MAX_MB = 20;

/** Connections come, join and go, by the million; the server's memory stays where it is. @throws Violation */
export async function churn(connects: number): Promise<ChurnReport> {
  const folder = temporaryFolder('churn');
  const server = await startServerProcess(folder.path, '--host', '0.0.0.0');
  const crowd = new Crowd(PROCESSES);
  try {
    const { tokens, threads } = await foundTown(server, 10, 10, 1);
    const share = Math.ceil(connects / STEPS / PROCESSES);
    const resident: number[] = [];
    const startedAt = performance.now();
    const before = cpuSeconds(server.process.pid);
    let refused = 0;
    for (let step = 0; step < STEPS; step++) {
      const order = {
        kind: 'churn',
        port: server.port,
        connects: share,
        atOnce: AT_ONCE,
        tokens,
        threads,
      } as const;
      refused = (await crowd.all(order)).reduce((sum, report) => sum + report.refused, 0);
      await Bun.sleep(1_000);
      resident.push(residentMb(server.process.pid));
    }
    const total = share * STEPS * PROCESSES;
    const seconds = (performance.now() - startedAt) / 1000 - STEPS;
    const spent = cpuSeconds(server.process.pid) - before;
    const metrics = await metricsOf(server);
    const open = [...metrics]
      .filter(([name]) => name.startsWith('pokers_connections'))
      .map(([, count]) => count);
    if (open.some((count) => count > 0)) throw new Violation(`connections are left: ${open}`);
    if (refused > total / 100) throw new Violation(`${refused} of ${total} were refused`);
    const growth = (resident.at(-1) ?? 0) - (resident[1] ?? 0);
    if (growth > GROWTH_MAX_MB) throw new Violation(`memory grew by ${growth} MB: ${resident.join(', ')}`);
    return {
      connects: total,
      refused,
      perSecond: Math.round(total / seconds),
      cpuUsEach: Math.round((spent / total) * 1e6),
      residentMb: resident,
    };
  } finally {
    crowd.end();
    await server.stop('SIGKILL');
    folder.remove();
  }
}
