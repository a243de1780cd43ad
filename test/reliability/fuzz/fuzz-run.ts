import { readFileSync } from 'node:fs';
import { foundClass, openThread, type Person, postOverHttp, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { V2Client } from '../../actors/v2-client.ts';
import type { Chance } from '../chance.ts';
import { Violation } from '../checker/violation.ts';
import { apiSurface } from './api-surface.ts';
import { classicFrame } from './classic-frames.ts';
import { fuzzHttp } from './http-fuzz.ts';
import { checkClassic, checkV2, fuzzSocket } from './socket-fuzz.ts';
import { v2Frame } from './v2-frames.ts';

export interface FuzzRun {
  /** Frames and requests for each door. */
  readonly v2: number;
  readonly classic: number;
  readonly http: number;
  readonly chance: Chance;
}

export interface FuzzReport {
  readonly v2: number;
  readonly classic: number;
  readonly http: number;
  /** Connections that the server closed, for a frame that was too large or a hello without a session. */
  readonly closes: number;
  /** How often each HTTP status was answered; 0: none, as to what is no HTTP. */
  readonly statuses: Record<string, number>;
  /** Resident memory of the server, MB: after the warm-up, at most, and at the end. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
}

/** Clients of each door at the same time. */
const CLIENTS = 4;

/** Resident memory that the server may gain, in MB, however much it is sent. */
const GAIN_MAX_MB = 250;

/** What the server writes to its log when it, and not the client, is at fault. */
const FAULTS = /"level":(50|60)|a fault of ours|a promise failed|a fault that nothing caught/;

/** Sends each door what nobody should; the server answers it all, stays small, and serves on. @throws Violation */
export async function fuzzRun({ v2, classic, http, chance }: FuzzRun): Promise<FuzzReport> {
  const folder = temporaryFolder('fuzz');
  const server = await startServerProcess(folder.path, '--classic', 'open');
  const watch = new MemoryWatch(server);
  try {
    const stage = await prepare(server);
    const api = await apiSurface(server.url);
    const { witness, fuzzer, visitor, threads, messages, classroom } = stage;
    const known = { threads: [...threads, 999], messages: [...messages, 99_999], token: fuzzer.token };
    const knownToClassic = { ...known, classroom, speaker: fuzzer.id, name: fuzzer.name };

    const all = (share: number) => ({
      sockets: Array.from({ length: CLIENTS }, (_, index) => [
        fuzzSocket({
          url: server.socketUrl,
          token: fuzzer.token,
          protocols: ['pokers.v2'],
          frames: Math.ceil((v2 * share) / CLIENTS),
          chance: chance.fork(`v2 ${index} ${share}`),
          frame: (from) => v2Frame(from, known),
          fence: (count) => {
            const ref = 2_000_000 + count;
            return {
              frame: `{"action":"ping","ref":${ref}}`,
              isAnswer: (answer) => answer.includes(`"ref":${ref}`),
            };
          },
          check: checkV2,
          isAnswer: (answer) => !NEWS.test(answer),
          isComplete: (answers, frames) => answers === frames,
        }),
        fuzzSocket({
          url: server.socketUrl,
          token: fuzzer.token,
          protocols: [],
          frames: Math.ceil((classic * share) / CLIENTS),
          chance: chance.fork(`classic ${index} ${share}`),
          frame: (from) => classicFrame(from, knownToClassic),
          fence: (count) => {
            // The id is echoed as it was written: with zeros before it, it is known again.
            const thread = String(threads[0]).padStart(4 + (count % 12), '0');
            const request = { action: 'join', thread_id: thread, class_id: classroom, speaker: fuzzer.id };
            return {
              frame: JSON.stringify({ ...request, speaker_name: fuzzer.name }),
              isAnswer: (answer) => answer.includes(`"thread":"${thread}"`),
            };
          },
          check: checkClassic,
          isAnswer: (answer) => /^\{"op":"(send|join)"/.test(answer),
          isComplete: (answers, frames) => answers === frames,
        }),
      ]).flat(),
      requests: Array.from({ length: CLIENTS }, (_, index) =>
        fuzzHttp(
          server.port,
          visitor.token,
          Math.ceil((http * share) / CLIENTS),
          chance.fork(`http ${index} ${share}`),
          api,
        ),
      ),
    });

    // A tenth of it first: what a server needs to be warm is not a leak.
    const warm = all(0.1);
    await Promise.all([...warm.sockets, ...warm.requests]);
    watch.start();
    const main = all(0.9);
    const sockets = await Promise.all([...warm.sockets, ...main.sockets]);
    const requests = await Promise.all([...warm.requests, ...main.requests]);
    const memory = watch.stop();

    await expectAlive(server, witness, threads[0] ?? 0);
    if (memory.peak - memory.before > GAIN_MAX_MB)
      throw new Violation(`the server grew from ${memory.before} to ${memory.peak} MB`);
    const statuses: Record<string, number> = {};
    for (const [status, count] of requests.flatMap(({ statuses }) => [...statuses]))
      statuses[status] = (statuses[status] ?? 0) + count;
    return {
      v2,
      classic,
      http,
      closes: sockets.reduce((sum, { closes }) => sum + closes, 0),
      statuses,
      memory,
    };
  } finally {
    watch.stop();
    await server.stop('SIGKILL');
    folder.remove();
  }
}

/** What comes to a v2 connection without being asked for. */
const NEWS = /^(?:\{"op":"(?:ev|left|class|seen|starred|news|typists|here)"|\[)/;

interface FuzzStage {
  readonly witness: V2Client;
  readonly fuzzer: Person;
  /** Whose session the HTTP requests carry. */
  readonly visitor: Person;
  readonly classroom: number;
  readonly threads: readonly number[];
  readonly messages: readonly number[];
}

async function prepare({ url, socketUrl }: ServerProcess): Promise<FuzzStage> {
  const ming = await signUp(url, 'Ming');
  const fuzzer = await signUp(url, 'Fuzzer');
  const visitor = await signUp(url, 'Visitor');
  const { classroom, thread } = await foundClass(url, fuzzer, [ming, visitor]);
  const other = await openThread(url, fuzzer, classroom.id);
  await foundClass(url, visitor, [fuzzer]); // where they may do all that a head may
  const messages: number[] = [];
  for (let index = 0; index < 20; index++)
    messages.push((await postOverHttp(url, fuzzer, thread.id, `m ${index}`)).id);
  const witness = await V2Client.open(socketUrl, ming);
  await witness.get<'join'>({ action: 'join', thread: other.id });
  return { witness, fuzzer, visitor, classroom: classroom.id, threads: [thread.id], messages };
}

/** The server answers still, also those who were there all the while, and has found no fault with itself. */
async function expectAlive(server: ServerProcess, witness: V2Client, thread: number): Promise<void> {
  if (server.process.exitCode !== null) throw new Violation(`the server ended: ${server.complaints()}`);
  const health = await fetch(`${server.url}/healthz`);
  if (!health.ok) throw new Violation(`the server is not well: ${health.status}`);
  await witness.get<'post'>({ action: 'post', thread, content: 'still here?', nonce: crypto.randomUUID() });
  const fault = FAULTS.exec(server.complaints());
  if (fault) throw new Violation(`the server complained: ${server.complaints().slice(0, 3_000)}`);
}

class MemoryWatch {
  readonly #status: string;
  #timer: ReturnType<typeof setInterval> | undefined;
  #before = 0;
  #peak = 0;

  constructor(server: ServerProcess) {
    this.#status = `/proc/${server.process.pid}/status`;
  }

  start(): void {
    this.#before = this.#now();
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, this.#now());
    }, 100);
  }

  stop(): { before: number; peak: number; after: number } {
    clearInterval(this.#timer);
    const after = this.#now();
    return { before: this.#before, peak: Math.max(this.#peak, after), after };
  }

  #now(): number {
    try {
      return Math.round(Number(/VmRSS:\s*(\d+)/.exec(readFileSync(this.#status, 'utf8'))?.[1] ?? 0) / 1024);
    } catch {
      return 0; // it has ended
    }
  }
}
