import { mkdirSync } from 'node:fs';
import type { Children } from './children.ts';
import type { Cores } from './cores.ts';
import { Generators, type Observed } from './load/generators.ts';
import type { Sample } from './metrics.ts';
import type { Options } from './options.ts';
import type { Peer, Place } from './peers/peer.ts';
import { type CoreTime, coreTime, type Usage, usageOf } from './usage.ts';

/** How long a server is left alone before its memory is read, in ms. */
const SETTLE_MS = 500;

const MB = 1024 * 1024;

/** What had been used at a moment, by the server and by everyone on its core. */
type Moment = Usage & { readonly core: CoreTime };

export interface Surroundings {
  readonly options: Options;
  readonly children: Children;
  readonly cores: Cores;
  readonly scratch: string;
}

/**
 * Measures a peer once, in a fresh process: members enter, the load runs for a while unmeasured, then measured.
 * @throws Error when anything is not delivered exactly once, or the server ends badly
 */
export async function measure(peer: Peer, surroundings: Surroundings): Promise<Sample> {
  const { options, children, cores } = surroundings;
  const { members, rate, seconds, warmUpSeconds } = options;
  const { server, target } = await peer.start(placeFor(peer, surroundings));
  const generators = await Generators.start(children, cores.load);
  try {
    const here = (): Moment => ({ ...usageOf(server.pid), core: coreTime(cores.server[0]) });
    await Bun.sleep(SETTLE_MS);
    const empty = here();
    await generators.connect(peer.name, target, members);
    await Bun.sleep(SETTLE_MS);
    const connected = here();

    const warmUp = { first: 0, count: rate * warmUpSeconds, seconds: warmUpSeconds };
    await generators.run(warmUp, () => {});
    const before = here();
    let after = before;
    const observed = await generators.run({ first: warmUp.count, count: rate * seconds, seconds }, () => {
      after = here();
    });
    generators.end();
    await server.stop();
    return sampleOf(members, { empty, connected, before, after }, observed);
  } catch (cause) {
    throw new Error(`${peer.name}: ${String(cause)}\nThe server said:\n${server.said()}`, { cause });
  }
}

function placeFor(peer: Peer, { options, children, cores, scratch }: Surroundings): Place {
  return {
    scratch,
    bunFlags: options.profile ? profileFlags(options.profile, peer.name) : [],
    launch: (command, ready) => children.launch(command, cores.server, ready),
  };
}

function profileFlags(folder: string, name: string): string[] {
  mkdirSync(folder, { recursive: true });
  const file = `${name}-${Date.now()}.cpuprofile`;
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`];
}

function sampleOf(
  members: number,
  { empty, connected, before, after }: Record<'empty' | 'connected' | 'before' | 'after', Moment>,
  observed: Observed,
): Sample {
  const { deliveries } = observed;
  const user = after.userUs - before.userUs;
  const system = after.systemUs - before.systemUs;
  const core = after.core.busyUs - before.core.busyUs;
  const connecting = connected.userUs + connected.systemUs - empty.userUs - empty.systemUs;
  return {
    cpuUs: (user + system) / deliveries,
    cpuUserUs: user / deliveries,
    cpuSystemUs: system / deliveries,
    latencyP50Ms: observed.latencies.percentileMs(0.5),
    latencyP99Ms: observed.latencies.percentileMs(0.99),
    payloadBytes: observed.payloadBytes / deliveries,
    deliveriesPerFrame: deliveries / observed.frames,
    deliveriesPerRead: deliveries / observed.reads,
    rssEmptyMb: empty.rss / MB,
    rssConnectedMb: connected.rss / MB,
    rssAfterMb: after.rss / MB,
    rssPerConnectionKb: (connected.rss - empty.rss) / 1024 / members,
    connectCpuMs: connecting / 1000 / members,
    loadBusyPercent: observed.busy * 100,
    othersPercent: (100 * Math.max(0, core - user - system)) / (after.core.totalUs - before.core.totalUs),
  };
}
