import { Latencies } from '../../../bench/load/latencies.ts';
import { startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { Violation } from '../checker/violation.ts';
import { openRaw } from '../framing/handshake.ts';
import { frameOf, OPCODES, type RawSocket } from '../framing/raw-socket.ts';
import { Crowd } from './crowd.ts';
import { foundTown, type Town } from './town.ts';
import { residentMb } from './usage.ts';

export interface Phase {
  readonly mute: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly deliveries: number;
  readonly peakMb: number;
  /** How long the mute ones were let stay, in s; absent where nobody was mute or one was there to the end. */
  readonly closedAfterS?: number;
}

const HEALTHY = 1_000;
const PER_SECOND = 100;

/** A reader that never reads is gone after this, in s: a ping after a minute of silence at most, and half a minute for its answer. */
const CLOSED_WITHIN_S = 90;

/** What the healthy ones' p99 with a mute one among them may be, as a multiple of that without. */
const P99_RATIO_MAX = 1.2;

/** Healthy clients with and without one among them that reads nothing, in turn. @throws Violation */
export async function muteReader(seconds: number): Promise<{ phases: Phase[]; p99Ratio: number }> {
  const folder = temporaryFolder('reader');
  const server = await startServerProcess(folder.path);
  const crowd = new Crowd(1);
  try {
    const town = await foundTown(server, 10, 1, 1);
    const { tokens, threads } = town;
    await crowd.all({ kind: 'enter', port: server.port, clients: HEALTHY, tokens, threads });
    await crowd.all({ kind: 'talk', posts: 5 * PER_SECOND, perSecond: PER_SECOND });
    const phases: Phase[] = [];
    for (const mute of [0, 1, 0, 1, 0]) {
      const phase = await measure(crowd, server, town, mute, seconds);
      console.log(JSON.stringify(phase));
      phases.push(phase);
    }
    const { complaints } = server;
    if (complaints() !== '') throw new Violation(`the server complained: ${complaints()}`);
    const p99Ratio = bestP99(phases, 1) / bestP99(phases, 0);
    if (p99Ratio > P99_RATIO_MAX) throw new Violation(`p99 is ${p99Ratio} times that without`);
    return { phases, p99Ratio: Math.round(p99Ratio * 100) / 100 };
  } finally {
    crowd.end();
    await server.stop('SIGKILL');
    folder.remove();
  }
}

/** Of the phase of its kind that was disturbed least: whatever else the machine does only makes it longer. */
function bestP99(phases: readonly Phase[], mute: number): number {
  return Math.min(...phases.filter((phase) => phase.mute === mute).map(({ p99Ms }) => p99Ms));
}

async function measure(
  crowd: Crowd,
  { port, process: { pid } }: { port: number; process: { pid: number } },
  { tokens, threads }: Town,
  mute: number,
  seconds: number,
): Promise<Phase> {
  const readers = await Promise.all(
    Array.from({ length: mute }, () => muteSocket(port, tokens[0] ?? '', threads[0] ?? 0)),
  );
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(pid));
  }, 100);
  const startedAt = performance.now();
  // The server's own word: a socket that is not read does not notice its end.
  const closed = readers.length > 0 ? goneFrom(port, HEALTHY, startedAt) : undefined;
  const [report] = await crowd.all({ kind: 'talk', posts: seconds * PER_SECOND, perSecond: PER_SECOND });
  clearInterval(watch);
  const closedAfterS = await closed;
  for (const reader of readers) reader.destroy();
  if (!report || report.lost.length > 0)
    throw new Violation(`healthy clients lost their connection: ${report?.lost}`);
  if (report.deliveries !== seconds * PER_SECOND * HEALTHY)
    throw new Violation(`${report.deliveries} deliveries for ${seconds * PER_SECOND * HEALTHY}`);
  const latencies = new Latencies(report.latencies);
  const ms = (share: number): number => Math.round(latencies.percentileMs(share) * 100) / 100;
  return {
    mute,
    p50Ms: ms(0.5),
    p99Ms: ms(0.99),
    deliveries: report.deliveries,
    peakMb,
    ...(closedAfterS !== undefined && { closedAfterS }),
  };
}

/** Joined, and from then on it reads nothing: not even what is a ping. */
async function muteSocket(port: number, token: string, thread: number): Promise<RawSocket> {
  const socket = await openRaw(port, token);
  await socket.write(frameOf({ opcode: OPCODES.text, payload: JSON.stringify({ action: 'join', thread }) }));
  await socket.frame(({ text }) => text.startsWith('{"op":"join"'));
  socket.pause();
  return socket;
}

/** Seconds until the server has no more connections than the healthy ones. @throws Violation when that takes too long */
async function goneFrom(port: number, healthy: number, startedAt: number): Promise<number> {
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const open = [...text.matchAll(/^pokers_connections\{[^}]*\} (\d+)$/gm)].reduce(
      (sum, found) => sum + Number(found[1]),
      0,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    if (open === healthy) return Math.round(seconds * 10) / 10;
    if (seconds > CLOSED_WITHIN_S)
      throw new Violation(`who never reads is there after ${CLOSED_WITHIN_S} s still`);
    await Bun.sleep(500);
  }
}
