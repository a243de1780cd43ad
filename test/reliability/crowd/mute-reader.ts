import { Latencies } from '../../../bench/load/latencies.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { Violation } from '../checker/violation.ts';
import { openRaw } from '../framing/handshake.ts';
import { frameOf, OPCODES, type RawSocket } from '../framing/raw-socket.ts';
import { Crowd } from './crowd.ts';
import { foundTown, type Town } from './town.ts';
import { residentMb } from './usage.ts';

/** The same load many times, in turn with and without a mute reader. */
export interface ReaderReport {
  readonly deliveries: number;
  /** Of each phase, ms. */
  readonly without: Latency;
  readonly beside: Latency;
  /** The median p99 beside a mute reader as a multiple of that without. */
  readonly p99Ratio: number;
  /** Resident memory of the server at most, MB. */
  readonly peakMb: { readonly without: number; readonly beside: number };
  /** How long a mute reader was let stay, in s. */
  readonly closedAfterS: number;
}

interface Latency {
  readonly p50Ms: readonly number[];
  readonly p99Ms: readonly number[];
}

interface Phase {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakMb: number;
}

const HEALTHY = 1_000;
const PER_SECOND = 100;

/** Phases of each kind: whatever else the machine does disturbs some of them. */
const PHASES = 8;

/** What the healthy ones' p99 with a mute one among them may be, as a multiple of that without. */
const P99_RATIO_MAX = 1.2;

/** A reader that never reads is gone after this, in s: a ping after a minute of silence at most, and half a minute for its answer. */
const CLOSED_WITHIN_S = 90;

/** Healthy clients with and without one among them that reads nothing, in turn. @throws Violation */
export async function muteReader(seconds: number): Promise<ReaderReport> {
  const folder = temporaryFolder('reader');
  const server = await startServerProcess(folder.path);
  const crowd = new Crowd(1);
  try {
    const town = await foundTown(server, 10, 1, 1);
    const { tokens, threads } = town;
    await crowd.all({ kind: 'enter', port: server.port, clients: HEALTHY, tokens, threads });
    await crowd.all({ kind: 'talk', posts: 5 * PER_SECOND, perSecond: PER_SECOND });
    const without: Phase[] = [];
    const beside: Phase[] = [];
    for (let phase = 0; phase < PHASES; phase++) {
      without.push(await measure(crowd, server, seconds));
      const reader = await muteSocket(server.port, town);
      beside.push(await measure(crowd, server, seconds));
      reader.destroy();
    }
    const closedAfterS = await closingTime(server.port, town);
    const { complaints } = server;
    if (complaints() !== '') throw new Violation(`the server complained: ${complaints()}`);
    const p99Ratio = median(beside.map(({ p99Ms }) => p99Ms)) / median(without.map(({ p99Ms }) => p99Ms));
    const report = {
      deliveries: 2 * PHASES * seconds * PER_SECOND * HEALTHY,
      without: latencyOf(without),
      beside: latencyOf(beside),
      p99Ratio: Math.round(p99Ratio * 100) / 100,
      peakMb: { without: peakOf(without), beside: peakOf(beside) },
      closedAfterS,
    };
    if (p99Ratio > P99_RATIO_MAX) throw new Violation(`the healthy ones notice: ${JSON.stringify(report)}`);
    return report;
  } finally {
    crowd.end();
    await server.stop('SIGKILL');
    folder.remove();
  }
}

async function measure(crowd: Crowd, { process }: ServerProcess, seconds: number): Promise<Phase> {
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(process.pid));
  }, 100);
  const posts = seconds * PER_SECOND;
  const [report] = await crowd.all({ kind: 'talk', posts, perSecond: PER_SECOND });
  clearInterval(watch);
  if (!report || report.lost.length > 0)
    throw new Violation(`healthy clients lost their connection: ${report?.lost}`);
  if (report.deliveries !== posts * HEALTHY)
    throw new Violation(`${report.deliveries} deliveries for ${posts * HEALTHY}`);
  const latencies = new Latencies(report.latencies);
  const ms = (share: number): number => Math.round(latencies.percentileMs(share) * 100) / 100;
  return { p50Ms: ms(0.5), p99Ms: ms(0.99), peakMb };
}

/** Seconds until the server has closed a mute reader: by its own word, for the reader does not notice. @throws Violation */
async function closingTime(port: number, town: Town): Promise<number> {
  const reader = await muteSocket(port, town);
  const startedAt = performance.now();
  for (;;) {
    const seconds = (performance.now() - startedAt) / 1000;
    if ((await openConnections(port)) === HEALTHY) {
      reader.destroy();
      return Math.round(seconds * 10) / 10;
    }
    if (seconds > CLOSED_WITHIN_S) throw new Violation(`it is there after ${CLOSED_WITHIN_S} s still`);
    await Bun.sleep(500);
  }
}

async function openConnections(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = text.matchAll(/^pokers_connections\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, found) => sum + Number(found[1]), 0);
}

/** Joined, and from then on it reads nothing: not even what is a ping. */
async function muteSocket(port: number, { tokens, threads: [thread] }: Town): Promise<RawSocket> {
  const socket = await openRaw(port, tokens[0] ?? '');
  await socket.write(frameOf({ opcode: OPCODES.text, payload: JSON.stringify({ action: 'join', thread }) }));
  await socket.frame(({ text }) => text.startsWith('{"op":"join"'));
  socket.pause();
  return socket;
}

function latencyOf(phases: readonly Phase[]): Latency {
  return { p50Ms: phases.map(({ p50Ms }) => p50Ms), p99Ms: phases.map(({ p99Ms }) => p99Ms) };
}

const peakOf = (phases: readonly Phase[]): number => Math.max(...phases.map(({ peakMb }) => peakMb));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
