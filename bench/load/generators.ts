import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import type { Children } from '../children.ts';
import { Latencies } from './latencies.ts';
import type { ConnectOrder, FromGenerator, Phase, Report, ToGenerator } from './messages.ts';
import { nowUs } from './post-text.ts';

const PROGRAM = fileURLToPath(new URL('../load.ts', import.meta.url));

/** More would not help one server that has one core. */
const GENERATORS_MAX = 4;

/** From the order to the first post, in ms: every generator must have got the order by then. */
const LEAD_MS = 100;

/** After the last delivery, in ms: a delivery that comes once too often would come now. */
const AFTERMATH_MS = 300;

/** What all generators saw together. */
export interface Observed {
  readonly deliveries: number;
  readonly frames: number;
  readonly bytes: number;
  readonly reads: number;
  readonly latencies: Latencies;
  /** From the moment that the first post was due to the last delivery. */
  readonly elapsedUs: number;
  /** The share of its core's time that the busiest one needed: near 1, it and not the server was the limit. */
  readonly busy: number;
}

/** The load generator processes, as the one who leads the measurement sees them. */
export class Generators {
  readonly #processes: readonly Generator[];

  private constructor(processes: readonly Generator[]) {
    this.#processes = processes;
  }

  /** As many as there are cores for them, at most four. */
  static async start(children: Children, cores: readonly number[]): Promise<Generators> {
    const count = Math.min(GENERATORS_MAX, Math.max(1, cores.length));
    const processes = Array.from({ length: count }, () => new Generator(children, cores));
    await Promise.all(processes.map((generator) => generator.next('ready')));
    return new Generators(processes);
  }

  /** Some of the members get in, the posters with the first of them. @throws Error when someone does not */
  async connect(order: Omit<ConnectOrder, 'kind' | 'index' | 'of'>): Promise<void> {
    const of = this.#processes.length;
    await this.#all('connected', (index) => ({ kind: 'connect', ...order, index, of }));
  }

  /**
   * Makes posts and waits for their deliveries; `onComplete` is called as soon as the last one has come.
   * @throws Error when a delivery is missing, comes twice or out of order
   */
  async run(phase: Phase, onComplete: () => void = () => {}): Promise<Observed> {
    const startAtUs = nowUs() + LEAD_MS * 1000;
    const answers = await this.#all('posted', () => ({ kind: 'run', startAtUs, ...phase }));
    const posted = answers.map(({ count }) => count);
    await this.#all('complete', () => ({ kind: 'await', posted }));
    onComplete();
    await Bun.sleep(AFTERMATH_MS);
    return combine(await this.#all('report', () => ({ kind: 'report' })), startAtUs);
  }

  end(): void {
    for (const generator of this.#processes) generator.end();
  }

  #all<K extends FromGenerator['kind']>(
    answer: K,
    order: (index: number) => ToGenerator,
  ): Promise<Extract<FromGenerator, { kind: K }>[]> {
    return Promise.all(
      this.#processes.map((generator, index) => {
        generator.tell(order(index));
        return generator.next(answer);
      }),
    );
  }
}

/** One of them. */
class Generator {
  readonly #process: Subprocess;
  #onMessage: (message: FromGenerator) => void = () => {};
  #onEnd: (why: string) => void = () => {};

  constructor(children: Children, cores: readonly number[]) {
    this.#process = children.adopt(
      Bun.spawn(children.command([process.execPath, PROGRAM], cores), {
        stdio: ['ignore', 'inherit', 'inherit'],
        serialization: 'json',
        ipc: (message: FromGenerator) => this.#onMessage(message),
        onExit: (_process, code, signal) =>
          this.#onEnd(`a load generator ended with ${code ?? `signal ${signal}`}`),
      }),
    );
  }

  tell(order: ToGenerator): void {
    this.#process.send(order);
  }

  /** The next message, which must be of this kind. @throws Error with its reason if it has failed instead */
  next<K extends FromGenerator['kind']>(kind: K): Promise<Extract<FromGenerator, { kind: K }>> {
    return new Promise((resolve, reject) => {
      this.#onEnd = (why) => reject(new Error(why));
      this.#onMessage = (message) => {
        if (message.kind === kind) return resolve(message as Extract<FromGenerator, { kind: K }>);
        reject(new Error(message.kind === 'failed' ? message.reason : `${message.kind} instead of ${kind}`));
      };
    });
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}

function combine(reports: readonly Report[], startAtUs: number): Observed {
  const faults = reports.flatMap(({ faults }) => Object.entries(faults)).filter(([, count]) => count > 0);
  if (faults.length > 0) {
    const which = faults.map(([name, count]) => `${count} ${name}`).join(', ');
    const hints = reports.flatMap(({ hints }) => hints);
    throw new Error(`not every member got every post once and in order: ${which}\n${hints.join('\n')}`);
  }
  const latencies = new Latencies();
  for (const report of reports) latencies.merge(new Latencies(report.latencies));
  const sum = (of: (report: Report) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    deliveries: sum(({ deliveries }) => deliveries),
    frames: sum(({ frames }) => frames),
    bytes: sum(({ bytes }) => bytes),
    reads: sum(({ reads }) => reads),
    latencies,
    elapsedUs: Math.max(...reports.map(({ lastAtUs }) => lastAtUs)) - startAtUs,
    busy: Math.max(...reports.map(({ busy }) => busy)),
  };
}
