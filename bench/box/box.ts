import { shareCores } from '../cores.ts';
import { type Cgroup, cgroupFor, removeLeftoverCgroups } from './cgroup.ts';
import { Network, type Traffic } from './network.ts';
import { tell } from './system.ts';

const PROGRAMS = ['ip', 'tc', 'nsenter', 'taskset'];

/** What has been used at a moment. */
export interface BoxUsage {
  /** Of the process's clock, in ms. */
  readonly atMs: number;
  readonly cpuUs: number;
  readonly traffic: Traffic;
}

/** The rented server: 1 core, 1 GB of memory and a link of 1 Mbps, for what is started in it. */
export class Box {
  readonly #network = new Network(process.pid);
  readonly #cgroup: Cgroup = cgroupFor(process.pid);
  readonly #core = shareCores().server[0] ?? 0;
  #isOpen = false;

  /** What this machine lacks for it, if anything. */
  static missing(): string | undefined {
    if (process.platform !== 'linux') return 'this is not Linux';
    if (process.getuid?.() !== 0) return 'it takes root to make network namespaces and control groups';
    const program = PROGRAMS.find((name) => !Bun.which(name));
    return program && `there is no program \`${program}\``;
  }

  /** @throws Error that says what the system cannot do */
  static open(): Box {
    removeLeftoverCgroups();
    Network.removeLeftovers();
    const box = new Box();
    try {
      box.#isOpen = true;
      box.#cgroup.open();
      box.#network.open();
    } catch (error) {
      box.close();
      throw error;
    }
    const { load } = shareCores();
    if (load.length > 0) tell('taskset', '-acp', load.join(','), String(process.pid)); // clients leave its core alone
    return box;
  }

  get host(): string {
    return this.#network.host;
  }

  /** The command, in the box: the process keeps its id. */
  confine = (command: readonly string[]): string[] =>
    this.#cgroup.command(this.#network.command(['taskset', '-c', String(this.#core), ...command]));

  usage(): BoxUsage {
    return { atMs: performance.now(), cpuUs: this.#cgroup.cpuUs(), traffic: this.#network.traffic() };
  }

  /** Leaves nothing behind. Only when nothing runs in it any more. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const part of [this.#network, this.#cgroup]) {
      try {
        part.close();
      } catch (error) {
        process.stderr.write(`bench:box: ${String(error)}\n`);
      }
    }
  }
}
