import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where figures come from: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly bun: string;
  /** Processes that wanted to run in the last minute before: what is not near 0 disturbs the measurement. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()} ${process.arch}`,
    bun: Bun.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
