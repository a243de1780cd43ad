import type { Costs } from './costs.ts';
import { type Figures, type Measured, measuredIn } from './figures.ts';

/** The loads that the costs are taken from; how well they foretell the others is for `check.ts` to say. */
const QUIET = 'threads';
const BUSY = '100';

/** An idle connection, where `idle` was not measured with the rest: docs/performance.md. */
const CONNECTION_KB = 2.5;

/**
 * Costs out of figures. A post costs the same wherever it goes and each of its frames costs a write, so two loads of
 * one process give both; what a bus adds is the difference under the quiet load.
 * @throws Error where a load or a server is missing
 */
export function calibrate(figures: Figures): Costs {
  const measured = measuredIn(figures);
  const quiet = find(measured, QUIET, 'pokers-v2');
  const busy = find(measured, BUSY, 'pokers-v2');
  const writeUs = (cpuOfPost(busy) - cpuOfPost(quiet)) / (writesOfPost(busy) - writesOfPost(quiet));
  const perWrite = (quiet.bytes - busy.bytes) / (1 / quiet.perFrame - 1 / busy.perFrame);
  const { cpu, cores, memoryGb, kernel } = figures.machine;
  return {
    machine: `${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}`,
    postUs: round(cpuOfPost(quiet) - writesOfPost(quiet) * writeUs),
    writeUs: round(writeUs),
    heardUs: {
      processes: round(heardUs(quiet, find(measured, QUIET, 'pokers-workers-2'), writeUs)),
      redis: round(heardUs(quiet, find(measured, QUIET, 'pokers-redis-2'), writeUs)),
    },
    bytesPerDelivery: round(quiet.bytes - perWrite / quiet.perFrame),
    bytesPerWrite: round(perWrite),
    emptyMb: round(memoryOf(figures, 'rssEmptyMb') ?? 0),
    connectionKb: round(memoryOf(figures, 'rssPerConnectionKb', 'idle') ?? CONNECTION_KB),
  };
}

/** Of all that is more than with one process, less what more frames cost. */
function heardUs(one: Measured, several: Measured, writeUs: number): number {
  const more = cpuOfPost(several) - cpuOfPost(one) - (writesOfPost(several) - writesOfPost(one)) * writeUs;
  return more / several.processes;
}

function memoryOf(
  { workloads }: Figures,
  metric: 'rssEmptyMb' | 'rssPerConnectionKb',
  workload?: string,
): number | undefined {
  const found = workloads.find(({ workload: { name } }) => workload === undefined || name === workload);
  return found?.peers.find(({ name }) => name === 'pokers-v2')?.spreads[metric]?.median;
}

const audienceOf = ({ members, threads }: Measured): number => members / threads;
const cpuOfPost = (measured: Measured): number => measured.cpuUs * audienceOf(measured);
const writesOfPost = (measured: Measured): number => audienceOf(measured) / measured.perFrame;
const round = (value: number): number => Math.round(value * 100) / 100;

function find(measured: readonly Measured[], workload: string, peer: string): Measured {
  const found = measured.find((one) => one.workload === workload && one.peer === peer);
  if (!found) throw new Error(`the figures have no workload ${workload} for ${peer}`);
  return found;
}
