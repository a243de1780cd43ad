import { readdirSync, readFileSync } from 'node:fs';

/** What a process has used up to now, all its threads together. */
export interface Usage {
  /** CPU time in µs. Linux counts the sum exactly, in steps of 10 ms; how it divides it in two is an estimate. */
  readonly userUs: number;
  readonly systemUs: number;
  /** Resident memory, in bytes. */
  readonly rss: number;
}

/** Linux's USER_HZ: it is 100 on every architecture that Bun runs on. */
const TICK_US = 10_000;

/** @throws Error when the process has ended */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may contain blanks: fields are counted from after it (the state, field 3).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    userUs: Number(fields[11]) * TICK_US,
    systemUs: Number(fields[12]) * TICK_US,
    rss: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024,
  };
}

/** The same of a process and of all that it started, as those of them that still run have it. */
export function usageOfTree(pid: number): Usage {
  const parts = [usageOf(pid), ...childrenOf(pid).map(usageOfTree)];
  const sum = (of: (usage: Usage) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    userUs: sum(({ userUs }) => userUs),
    systemUs: sum(({ systemUs }) => systemUs),
    rss: sum(({ rss }) => rss),
  };
}

/** Any of its threads may have started them. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' '))
    .filter(Boolean)
    .map(Number);
}

/** What a core has done since the machine started, in µs. Counted by sampling, 100 times a second. */
export interface CoreTime {
  /** For anyone at all, and what the machine's host took away. */
  readonly busyUs: number;
  readonly totalUs: number;
}

/** Of all cores together where none is named. */
export function coreTime(core: number | undefined): CoreTime {
  const name = core === undefined ? 'cpu' : `cpu${core}`;
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name} `));
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is contained in these
  const ticks = line?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busyUs: (total - idle) * TICK_US, totalUs: total * TICK_US };
}
