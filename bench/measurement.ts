import { mkdirSync, readFileSync } from 'node:fs';
import type { Children, ServerChild } from './children.ts';
import type { Cores } from './cores.ts';
import { Generators, type Observed } from './load/generators.ts';
import type { Phase } from './load/messages.ts';
import type { Sample } from './metrics.ts';
import type { Contender } from './peers/all.ts';
import type { Place } from './peers/peer.ts';
import { type CoreTime, coreTime, type Usage, usageOfTree } from './usage.ts';
import { type IdleLoad, SATURATING_POSTS_MAX, type Workload, warmUpPostsOf } from './workloads.ts';

/** How long a server is left alone before its memory is read, in ms. */
const SETTLE_MS = 500;

/** Open files of a server besides its members' connections. */
const FILES_BESIDES = 200;

const MB = 1024 * 1024;

/** What had been used at a moment, by the server and by everyone on its core. */
type Moment = Usage & { readonly core: CoreTime };

/** A server that runs, and those who measure it. */
interface Bench {
  readonly generators: Generators;
  readonly workload: Workload;
  /** Members get in until there are so many. */
  connect(members: number): Promise<void>;
  now(): Moment;
}

export interface Surroundings {
  /** Folder for CPU profiles of the servers, if they are wanted. */
  readonly profile: string | undefined;
  readonly children: Children;
  readonly cores: Cores;
  readonly scratch: string;
}

/**
 * Measures a peer once, in a fresh process.
 * @throws Error when anything is not delivered exactly once, or the server ends badly; processes may be left then
 */
export async function measure(
  { spec, peer }: Contender,
  workload: Workload,
  surroundings: Surroundings,
): Promise<Sample> {
  const { children, cores } = surroundings;
  const { members, threads } = workload;
  requireFiles(members + FILES_BESIDES);
  const { server, target, beside = [] } = await peer.start(placeFor(peer.name, threads, surroundings));
  const generators = await Generators.start(children, cores.load);
  let from = 0;
  const bench: Bench = {
    generators,
    workload,
    connect: async (to) => {
      await generators.connect({ peer: spec, target, from, to, members, threads });
      from = to;
    },
    now: () => ({ ...usageOfAll([server, ...beside]), core: coreTime(cores.server[0]) }),
  };
  try {
    await Bun.sleep(SETTLE_MS);
    const { load } = workload;
    const sample = await (load.kind === 'idle' ? measureIdle(bench, load) : measureLoad(bench, load));
    generators.end();
    for (const child of [server, ...beside]) await child.stop();
    return sample;
  } catch (cause) {
    throw new Error(`${String(cause)}\nThe server said:\n${server.said()}`, { cause });
  }
}

/** Bun and Node raise their limit as far as they may. @throws Error where that is not far enough */
function requireFiles(count: number): void {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  if (hard === undefined || Number(hard) >= count) return;
  throw new Error(`${count} open files are needed, and a process may have ${hard} (ulimit -Hn)`);
}

function placeFor(name: string, threads: number, { profile, children, cores, scratch }: Surroundings): Place {
  return {
    scratch,
    threads,
    bunFlags: profile ? profileFlags(profile, name) : [],
    launch: (command, ready) => children.launch(command, cores.server, ready),
  };
}

function profileFlags(folder: string, name: string): string[] {
  mkdirSync(folder, { recursive: true });
  const file = `${name}-${Date.now()}.cpuprofile`;
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`];
}

/** All get in, the load runs for a while unmeasured, then measured. */
async function measureLoad(
  { generators, workload, connect, now }: Bench,
  load: Exclude<Workload['load'], IdleLoad>,
): Promise<Sample> {
  const empty = now();
  await connect(workload.members);
  await Bun.sleep(SETTLE_MS);
  const connected = now();

  const [warmUp, measured] = phasesOf(load);
  await generators.run(warmUp);
  const before = now();
  let after = before;
  const observed = await generators.run(measured, () => {
    after = now();
  });
  return {
    ...ofConnecting(workload.members, empty, connected),
    ...ofDelivering(before, after, observed),
    rssAfterMb: after.rss / MB,
  };
}

/** The load, and what comes before it. */
function phasesOf(load: Exclude<Workload['load'], IdleLoad>): [Phase, Phase] {
  const { seconds, warmUpSeconds } = load;
  if (load.kind === 'saturating') {
    const [count, outstanding] = [SATURATING_POSTS_MAX, load.outstanding];
    return [
      { first: 0, count, seconds: warmUpSeconds, outstanding },
      { first: count, count, seconds, outstanding },
    ];
  }
  const warmUpPosts = warmUpPostsOf(load);
  return [
    { first: 0, count: warmUpPosts, seconds: warmUpSeconds },
    { first: warmUpPosts, count: load.rate * seconds, seconds },
  ];
}

/** A third gets in, then all, and after a while, in which nothing happens, all must still be there to get one post. */
async function measureIdle({ generators, workload, connect, now }: Bench, load: IdleLoad): Promise<Sample> {
  const third = Math.ceil(workload.members / 3);
  const empty = now();
  await connect(third);
  await Bun.sleep(load.seconds * 1000);
  const few = now();
  await connect(workload.members);
  await Bun.sleep(load.seconds * 1000);
  const connected = now();
  await generators.run({ first: 0, count: workload.threads, seconds: 0 });
  return {
    ...ofConnecting(workload.members, empty, connected),
    rssPerFurtherKb: (connected.rss - few.rss) / 1024 / (workload.members - third),
  };
}

function ofConnecting(members: number, empty: Moment, connected: Moment): Sample {
  return {
    rssEmptyMb: empty.rss / MB,
    rssConnectedMb: connected.rss / MB,
    rssPerConnectionKb: (connected.rss - empty.rss) / 1024 / members,
    connectCpuMs: (cpuUs(connected) - cpuUs(empty)) / 1000 / members,
  };
}

function ofDelivering(before: Moment, after: Moment, observed: Observed): Sample {
  const { deliveries, elapsedUs } = observed;
  const cpu = cpuUs(after) - cpuUs(before);
  const core = after.core.busyUs - before.core.busyUs;
  return {
    cpuUs: cpu / deliveries,
    cpuUserUs: (after.userUs - before.userUs) / deliveries,
    cpuSystemUs: (after.systemUs - before.systemUs) / deliveries,
    deliveriesPerCpuSecond: deliveries / (cpu / 1e6) / 1000,
    deliveriesPerSecond: deliveries / (elapsedUs / 1e6) / 1000,
    latencyP50Ms: observed.latencies.percentileMs(0.5),
    latencyP99Ms: observed.latencies.percentileMs(0.99),
    bytes: observed.bytes / deliveries,
    deliveriesPerFrame: deliveries / observed.frames,
    deliveriesPerRead: deliveries / observed.reads,
    serverBusyPercent: (100 * cpu) / elapsedUs,
    loadBusyPercent: observed.busy * 100,
    othersPercent: (100 * Math.max(0, core - cpu)) / (after.core.totalUs - before.core.totalUs),
  };
}

function usageOfAll(children: readonly ServerChild[]): Usage {
  const usages = children.map(({ pid }) => usageOfTree(pid));
  return {
    userUs: usages.reduce((sum, { userUs }) => sum + userUs, 0),
    systemUs: usages.reduce((sum, { systemUs }) => sum + systemUs, 0),
    rss: usages.reduce((sum, { rss }) => sum + rss, 0),
  };
}

function cpuUs({ userUs, systemUs }: Usage): number {
  return userUs + systemUs;
}
