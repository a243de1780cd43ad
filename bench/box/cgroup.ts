import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadOwners, NAME } from './system.ts';

const ROOT = '/sys/fs/cgroup';

/** What a server of this size is rented with. */
const CPU_PERIOD_US = 100_000;
const MEMORY_BYTES = 1024 ** 3;

/** How long the kernel may take to forget processes that were killed, in ms. */
const PATIENCE_MS = 2_000;

/** One core and 1 GB of memory, for whatever is started in it. */
export interface Cgroup {
  /** @throws Error that says what the system cannot do */
  open(): void;
  /** Only when no process is in it any more. @throws Error when one stays */
  close(): void;
  /** The command, in it: the process keeps its id. */
  command(command: readonly string[]): string[];
  /** CPU time used so far, in µs. */
  cpuUs(): number;
}

/** @param owner id of the process that it belongs to @throws Error where there are no control groups */
export function cgroupFor(owner: number): Cgroup {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return new Version2(owner);
  if (['cpu', 'cpuacct', 'memory'].every((name) => existsSync(join(ROOT, name)))) return new Version1(owner);
  throw new Error(`there are no control groups for CPU and memory at ${ROOT}`);
}

/** Removes what runs left behind that were ended by force. */
export function removeLeftoverCgroups(): void {
  const folders = [ROOT, ...HIERARCHIES.map(own)].filter((folder) => existsSync(folder));
  const names = folders.flatMap((folder) => readdirSync(folder)).join('\n');
  for (const owner of new Set(deadOwners(names))) cgroupFor(owner).close();
}

const HIERARCHIES = ['cpu', 'cpuacct', 'memory'] as const;

/** Of version 1: a hierarchy for each controller. */
class Version1 implements Cgroup {
  readonly #folders: readonly string[];
  readonly #cpu: string;
  readonly #cpuacct: string;
  readonly #memory: string;

  constructor(owner: number) {
    [this.#cpu, this.#cpuacct, this.#memory] = HIERARCHIES.map((name) => join(own(name), NAME + owner)) as [
      string,
      string,
      string,
    ];
    this.#folders = [this.#cpu, this.#cpuacct, this.#memory];
  }

  open(): void {
    for (const folder of this.#folders) mkdirSync(folder, { recursive: true });
    writeFileSync(join(this.#cpu, 'cpu.cfs_period_us'), String(CPU_PERIOD_US));
    writeFileSync(join(this.#cpu, 'cpu.cfs_quota_us'), String(CPU_PERIOD_US));
    writeFileSync(join(this.#memory, 'memory.limit_in_bytes'), String(MEMORY_BYTES));
  }

  close(): void {
    for (const folder of this.#folders) remove(folder);
  }

  command(command: readonly string[]): string[] {
    return entering(this.#folders, command);
  }

  cpuUs(): number {
    return Number(readFileSync(join(this.#cpuacct, 'cpuacct.usage'), 'utf8')) / 1000;
  }
}

/** Of version 2: one hierarchy. The controllers must be passed on at its root, as systemd does. */
class Version2 implements Cgroup {
  readonly #folder: string;

  constructor(owner: number) {
    this.#folder = join(ROOT, NAME + owner);
  }

  open(): void {
    writeFileSync(join(ROOT, 'cgroup.subtree_control'), '+cpu +memory');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'cpu.max'), `${CPU_PERIOD_US} ${CPU_PERIOD_US}`);
    writeFileSync(join(this.#folder, 'memory.max'), String(MEMORY_BYTES));
  }

  close(): void {
    remove(this.#folder);
  }

  command(command: readonly string[]): string[] {
    return entering([this.#folder], command);
  }

  cpuUs(): number {
    const stat = readFileSync(join(this.#folder, 'cpu.stat'), 'utf8');
    return Number(/^usage_usec (\d+)$/m.exec(stat)?.[1]);
  }
}

/** Where this process is in a hierarchy of version 1: whatever holds it holds what it starts. */
function own(controller: (typeof HIERARCHIES)[number]): string {
  const line = readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .find((candidate) => candidate.split(':')[1]?.split(',').includes(controller));
  const folder = join(ROOT, controller, line?.split(':')[2] ?? '/');
  return existsSync(folder) ? folder : join(ROOT, controller);
}

function entering(folders: readonly string[], command: readonly string[]): string[] {
  const enter = folders.map((folder) => `echo $$ > '${folder}/cgroup.procs'`).join(' && ');
  return ['sh', '-c', `${enter} && exec "$@"`, 'sh', ...command];
}

function remove(folder: string): void {
  for (const deadline = Date.now() + PATIENCE_MS; existsSync(folder); Bun.sleepSync(20)) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
