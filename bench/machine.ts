import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where figures come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** How the kernel paces TCP: it is part of what a small frame costs. */
  readonly congestionControl: string;
  readonly bun: string;
  /** Processes that wanted to run in the last minute before: what is not near 0 disturbs the measurement. */
  readonly loadBefore: number;
}

const CONGESTION_CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control';

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()} ${process.arch}`,
    congestionControl: readFileSync(CONGESTION_CONTROL, 'utf8').trim(),
    bun: Bun.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
