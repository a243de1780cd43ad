import { readFileSync } from 'node:fs';

/** Ticks of the kernel's clock a second: the same on every Linux that matters. */
const TICKS = 100;

/** Seconds of CPU that a process has used, in user and in kernel mode, all its threads together. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Resident memory of a process, MB. */
export function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes ?? 0) / 102.4) / 10;
}
