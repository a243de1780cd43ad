import { startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { Violation } from '../checker/violation.ts';
import { killAll } from '../kill/kill.ts';
import { Crowd } from './crowd.ts';
import type { Report } from './orders.ts';
import { foundTown, talkIn } from './town.ts';
import { cpuSeconds, residentMb } from './usage.ts';

export interface ReconnectReport {
  readonly clients: number;
  readonly threads: number;
  /** Messages of each thread that they had to catch up on. */
  readonly missed: number;
  /** From the word to come back until the last one had everything. */
  readonly seconds: number;
  /** What the server spent meanwhile. */
  readonly cpuSeconds: number;
  /** Attempts to get in that failed and were made again. */
  readonly refused: number;
  readonly residentMb: number;
}

const PROCESSES = 4;
const PEOPLE = 40;
const THREADS = 20;
const BEFORE = 20;
const MISSED = 10;

/** The server is killed and all its clients come back at the same moment, with no back-off. @throws Violation */
export async function reconnectAll(clients: number): Promise<ReconnectReport> {
  const folder = temporaryFolder('reconnect');
  let server = await startServerProcess(folder.path);
  const crowd = new Crowd(PROCESSES);
  try {
    const { head, tokens, threads } = await foundTown(server, PEOPLE, THREADS, BEFORE);
    const share = Math.ceil(clients / PROCESSES);
    expectAll(await crowd.all({ kind: 'enter', port: server.port, clients: share, tokens, threads }), BEFORE);
    await killAll(server);
    server = await startServerProcess(folder.path);
    for (const thread of threads) await talkIn(server.url, head, thread, MISSED);
    await Bun.sleep(1_000);

    const before = cpuSeconds(server.process.pid);
    const startedAt = performance.now();
    const reports = await crowd.all({ kind: 'return', port: server.port });
    const seconds = (performance.now() - startedAt) / 1000;
    const spent = cpuSeconds(server.process.pid) - before;
    expectAll(reports, BEFORE + MISSED);

    // They are all really there: what is said now reaches everyone.
    for (const thread of threads) await talkIn(server.url, head, thread, 1);
    await Bun.sleep(2_000);
    expectAll(await crowd.all({ kind: 'report' }), BEFORE + MISSED + 1);
    return {
      clients: share * PROCESSES,
      threads: THREADS,
      missed: MISSED,
      seconds: round(seconds),
      cpuSeconds: round(spent),
      refused: reports.reduce((sum, { refused }) => sum + refused, 0),
      residentMb: residentMb(server.process.pid),
    };
  } finally {
    crowd.end();
    await killAll(server);
    folder.remove();
  }
}

function expectAll(reports: readonly Report[], messages: number): void {
  for (const [thread, seq, count] of reports.flatMap(({ views }) => views)) {
    if (seq !== messages || count !== messages)
      throw new Violation(`a client in thread ${thread} has ${count} messages up to ${seq}, not ${messages}`);
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
