import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import type { Logger } from 'pino';
import { Relay, type RelayPeer } from './bus/relay.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import { cannotListen } from './listen.ts';
import { MetricsGathering } from './metrics-gathering.ts';
import { readFromWorker, type ToWorker } from './worker-messages.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A worker that lives shorter than this, in ms, did not really start; so many in a row in its place, and it is given up. */
const STARTED_MS = 5_000;
const FAILED_STARTS_MAX = 5;

/** How long to wait, in ms, before a worker that did not really start is replaced: twice as long each time. */
const RESTART_MS = 500;

/** While others serve, one that was given up is tried again so often, in ms: what kept it from starting may have passed. */
const LATER_MS = 60_000;

/** How long workers may take to stop, in ms, before they are killed. */
const STOP_MS = 9_000;

/** Where one worker after the other does the same work. */
interface Place {
  /** How many in a row did not really start. */
  failedStarts: number;
}

interface Worker extends RelayPeer {
  readonly place: Place;
  readonly process: Subprocess;
  readonly startedAt: number;
  tell(message: ToWorker): void;
}

/** Several serving processes on one port: starts them, carries events between them, replaces one that dies. */
export class Supervisor {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #program: string;
  readonly #relay = new Relay();
  readonly #workers = new Set<Worker>();
  readonly #gathering = new MetricsGathering();
  readonly #serving = new Set<Worker>();
  readonly #allServe = Promise.withResolvers<void>();
  #haveAllServed = false;
  #stopping = false;
  readonly #gaveUp = Promise.withResolvers<never>();

  private constructor(config: Config, log: Logger, program: string) {
    this.#config = config;
    this.#log = log;
    this.#program = program;
  }

  /** Resolves when all workers serve. @param program what a worker runs @throws StartError */
  static async start(config: Config, log: Logger, program = WORKER): Promise<Supervisor> {
    const port = freePort(config);
    const supervisor = new Supervisor({ ...config, port }, log, program);
    for (let count = 0; count < config.workers; count++) supervisor.#spawn({ failedStarts: 0 });
    await Promise.race([supervisor.#allServe.promise, supervisor.#gaveUp.promise]);
    return supervisor;
  }

  get port(): number {
    return this.#config.port;
  }

  /** Rejects when workers die so fast that starting more is no use, and none serves. */
  get failed(): Promise<never> {
    return this.#gaveUp.promise;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const workers = [...this.#workers];
    for (const worker of workers) worker.tell({ kind: 'stop' });
    const ended = Promise.all(workers.map(({ process }) => process.exited));
    await Promise.race([ended, Bun.sleep(STOP_MS)]);
    for (const { process } of this.#workers) process.kill('SIGKILL');
    await ended;
  }

  /** One more worker, which is replaced for as long as the supervisor runs. */
  #spawn(place: Place): void {
    if (this.#stopping) return;
    const child = Bun.spawn([process.execPath, this.#program], {
      env: { ...process.env, POKERS_WORKER: JSON.stringify(this.#config) },
      stdio: ['ignore', 'inherit', 'inherit'],
      serialization: 'json',
      ipc: (message: unknown) => this.#receive(worker, message),
      onExit: () => this.#ended(worker),
    });
    const tell = (message: ToWorker): void => {
      try {
        child.send(message);
      } catch {
        // It has just died, and `onExit` is about to say so.
      }
    };
    const worker: Worker = {
      place,
      process: child,
      startedAt: Date.now(),
      tell,
      send: tell,
      overrun: () => {
        this.#log.error({ worker: child.pid }, 'a worker does not take its events: it is replaced');
        child.kill('SIGKILL');
      },
    };
    this.#workers.add(worker);
    this.#relay.add(worker);
  }

  /** A fault in what one worker says must not take the others down with it. */
  #receive(worker: Worker, said: unknown): void {
    const message = readFromWorker(said);
    const { pid } = worker.process;
    if (!message) return this.#log.error({ worker: pid }, 'a worker said what no worker says: it is ignored');
    if ('bus' in message) return this.#relay.receive(worker, message);
    if (message.kind === 'ready') return this.#serves(worker);
    if (message.kind === 'failed') return this.#log.error({ worker: pid }, message.reason);
    if (message.kind === 'gather') return this.#gathering.start(worker, message.ask, [...this.#workers]);
    this.#gathering.receive(worker, message.ask, message.samples);
  }

  #serves(worker: Worker): void {
    this.#serving.add(worker);
    if (this.#serving.size < this.#config.workers) return;
    this.#haveAllServed = true;
    this.#allServe.resolve();
  }

  #ended(worker: Worker): void {
    this.#workers.delete(worker);
    this.#serving.delete(worker);
    this.#relay.remove(worker);
    this.#gathering.forget(worker);
    if (this.#stopping) return;
    const { place, startedAt } = worker;
    place.failedStarts = Date.now() - startedAt < STARTED_MS ? place.failedStarts + 1 : 0;
    const { pid, exitCode, signalCode } = worker.process;
    if (place.failedStarts < FAILED_STARTS_MAX) {
      this.#log.warn({ worker: pid, exitCode, signalCode }, 'a worker died: it is replaced');
      const wait = place.failedStarts <= 1 ? 0 : RESTART_MS * 2 ** (place.failedStarts - 2);
      return this.#spawnIn(wait, place);
    }
    const serving = this.#serving.size;
    if (!this.#haveAllServed || serving === 0) {
      return this.#gaveUp.reject(
        new StartError('The workers end as soon as they start. The lines above say why.'),
      );
    }
    // Nobody who is served may be thrown out for one that is not.
    this.#log.error(
      { worker: pid, exitCode, signalCode, serving },
      'a worker ends as soon as it starts: it is given up for a minute, and the others serve on. The lines above say why',
    );
    this.#spawnIn(LATER_MS, place);
  }

  #spawnIn(ms: number, place: Place): void {
    setTimeout(() => this.#spawn(place), ms);
  }
}

/** Tells early whether the port can be had, which workers that share it would not; with 0, which one they share. */
function freePort({ host, port }: Config): number {
  try {
    const probe = Bun.serve({ hostname: host, port, fetch: () => new Response() });
    const { port: free } = probe;
    void probe.stop(true);
    return free ?? port;
  } catch (cause) {
    throw cannotListen(host, port, cause);
  }
}
