import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import type { Logger } from 'pino';
import { isBusMessage } from './bus/process-messages.ts';
import { Relay, type RelayPeer } from './bus/relay.ts';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import { cannotListen } from './listen.ts';
import { MetricsGathering } from './metrics-gathering.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A worker that lives shorter than this, in ms, did not really start; so many in a row and we give up. */
const STARTED_MS = 5_000;
const FAILED_STARTS_MAX = 5;

/** How long workers may take to stop, in ms, before they are killed. */
const STOP_MS = 9_000;

interface Worker extends RelayPeer {
  readonly process: Subprocess;
  readonly startedAt: number;
  tell(message: ToWorker): void;
}

/** Several serving processes on one port: starts them, carries events between them, replaces one that dies. */
export class Supervisor {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #relay = new Relay();
  readonly #workers = new Set<Worker>();
  readonly #gathering = new MetricsGathering();
  #failedStarts = 0;
  #stopping = false;
  readonly #gaveUp = Promise.withResolvers<never>();

  private constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
  }

  /** Resolves when all workers serve. @throws StartError */
  static async start(config: Config, log: Logger): Promise<Supervisor> {
    const port = freePort(config);
    const supervisor = new Supervisor({ ...config, port }, log);
    const ready = Array.from({ length: config.workers }, () => supervisor.#spawn());
    await Promise.race([Promise.all(ready), supervisor.#gaveUp.promise]);
    return supervisor;
  }

  get port(): number {
    return this.#config.port;
  }

  /** Rejects when workers die so fast that starting more is no use. */
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

  /** Resolves when the worker serves; it is replaced for as long as the supervisor runs. */
  #spawn(): Promise<void> {
    const ready = Promise.withResolvers<void>();
    const child = Bun.spawn([process.execPath, WORKER], {
      env: { ...process.env, POKERS_WORKER: JSON.stringify(this.#config) },
      stdio: ['ignore', 'inherit', 'inherit'],
      serialization: 'json',
      ipc: (message: FromWorker) => this.#receive(worker, message, ready.resolve),
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
    return ready.promise;
  }

  #receive(worker: Worker, message: FromWorker, onReady: () => void): void {
    if (isBusMessage(message)) return this.#relay.receive(worker, message);
    if (message.kind === 'ready') return onReady();
    if (message.kind === 'failed') return this.#log.error({ worker: worker.process.pid }, message.reason);
    if (message.kind === 'gather') return this.#gathering.start(worker, message.ask, [...this.#workers]);
    this.#gathering.receive(worker, message.ask, message.samples);
  }

  #ended(worker: Worker): void {
    this.#workers.delete(worker);
    this.#relay.remove(worker);
    this.#gathering.forget(worker);
    if (this.#stopping) return;
    this.#failedStarts = Date.now() - worker.startedAt < STARTED_MS ? this.#failedStarts + 1 : 0;
    if (this.#failedStarts >= FAILED_STARTS_MAX) {
      return this.#gaveUp.reject(
        new StartError('The workers end as soon as they start. The lines above say why.'),
      );
    }
    const { pid, exitCode, signalCode } = worker.process;
    this.#log.warn({ worker: pid, exitCode, signalCode }, 'a worker died: it is replaced');
    void this.#spawn();
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
