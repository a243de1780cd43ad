import { type Costs, type Shared, shareOf } from './costs.ts';
import { type Figures, type Measured, measuredIn } from './figures.ts';

/** The loads that the costs are taken from; how well they foretell the others is for `check.ts` to say. */
const QUIET = 'threads';
const BUSY = '100';
const BUSIEST = '1000';

/** An idle connection, where `idle` was not measured with the rest: docs/performance.md. */
const CONNECTION_KB = 2.5;

/** Longest moment that is thought possible, in ms, and how finely it is looked for. */
const TOGETHER_MAX_MS = 20;
const STEPS = 2_000;

/**
 * Costs out of figures. Whatever is posted costs a post, and each of its frames a write: three loads of one process give
 * what both take, and how much posts save by sharing commits. What a bus adds is the difference to one process.
 * @throws Error where a load or a server is missing
 */
export function calibrate(figures: Figures): Costs {
  const measured = measuredIn(figures);
  const [quiet, busy, busiest] = [QUIET, BUSY, BUSIEST].map((load) => find(measured, load, 'pokers-v2')) as [
    Measured,
    Measured,
    Measured,
  ];
  const { post, writeUs } = best((togetherMs) => {
    const { aloneUs, writeUs } = twoOf(quiet, busy, togetherMs);
    const post = { aloneUs, togetherMs };
    const found = shareOf(post, busiest.postsPerSecond) + writesOfPost(busiest) * writeUs;
    return { post, writeUs, miss: Math.abs(found - cpuOfPost(busiest)) };
  });
  const heard = (peer: string): Shared => {
    const at = (load: string, one: Measured): [number, number] => {
      const several = find(measured, load, peer);
      return [several.postsPerSecond, heardUs(one, several, { post, writeUs })];
    };
    return rounded(through(at(QUIET, quiet), at(BUSIEST, busiest)));
  };
  const perWrite = (quiet.bytes - busy.bytes) / (1 / quiet.perFrame - 1 / busy.perFrame);
  const { cpu, cores, memoryGb, kernel } = figures.machine;
  return {
    machine: `${cpu}, ${cores} cores, ${memoryGb} GB, ${kernel}`,
    post: rounded(post),
    writeUs: round(writeUs),
    heard: { processes: heard('pokers-workers-2'), redis: heard('pokers-redis-2') },
    bytesPerDelivery: round(quiet.bytes - perWrite / quiet.perFrame),
    bytesPerWrite: round(perWrite),
    emptyMb: round(memoryOf(figures, 'rssEmptyMb') ?? 0),
    connectionKb: round(memoryOf(figures, 'rssPerConnectionKb', 'idle') ?? CONNECTION_KB),
  };
}

/** The moment with which what was measured is missed by least. */
function best<T extends { miss: number }>(attempt: (togetherMs: number) => T): T {
  const attempts = Array.from({ length: STEPS }, (_, step) => attempt((step * TOGETHER_MAX_MS) / STEPS));
  return attempts.reduce((least, one) => (one.miss < least.miss ? one : least));
}

/** Two loads give a post's cost and a write's, where it is known how many posts share. */
function twoOf(a: Measured, b: Measured, togetherMs: number): { aloneUs: number; writeUs: number } {
  const share = ({ postsPerSecond }: Measured): number => shareOf({ aloneUs: 1, togetherMs }, postsPerSecond);
  const determinant = share(a) * writesOfPost(b) - share(b) * writesOfPost(a);
  return {
    aloneUs: (cpuOfPost(a) * writesOfPost(b) - cpuOfPost(b) * writesOfPost(a)) / determinant,
    writeUs: (share(a) * cpuOfPost(b) - share(b) * cpuOfPost(a)) / determinant,
  };
}

/** All that is more than with one process, less what posts that share less and more frames cost, for each that hears. */
function heardUs(
  one: Measured,
  several: Measured,
  { post, writeUs }: { post: Shared; writeUs: number },
): number {
  const { postsPerSecond, processes } = several;
  const posts = shareOf(post, postsPerSecond / processes) - shareOf(post, postsPerSecond);
  const writes = (writesOfPost(several) - writesOfPost(one)) * writeUs;
  return Math.max(0, (cpuOfPost(several) - cpuOfPost(one) - posts - writes) / processes);
}

/** What costs so much at one rate and so much at another. */
function through([rate, us]: [number, number], [otherRate, otherUs]: [number, number]): Shared {
  const togetherMs = Math.max(0, (1_000 * (us - otherUs)) / (otherUs * otherRate - us * rate));
  return { aloneUs: us * (1 + (rate * togetherMs) / 1_000), togetherMs };
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
const rounded = ({ aloneUs, togetherMs }: Shared): Shared => ({
  aloneUs: round(aloneUs),
  togetherMs: round(togetherMs),
});

function find(measured: readonly Measured[], workload: string, peer: string): Measured {
  const found = measured.find((one) => one.workload === workload && one.peer === peer);
  if (!found) throw new Error(`the figures have no workload ${workload} for ${peer}`);
  return found;
}
