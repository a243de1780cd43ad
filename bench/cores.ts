import { readFileSync } from 'node:fs';

/** Which processor cores the server and the load generators have for themselves. */
export interface Cores {
  /** Both are empty where nothing can be pinned: no `taskset`, or a single core. */
  readonly server: readonly number[];
  readonly load: readonly number[];
}

/** The first core that this process may use is the server's, the others are the load's. */
export function shareCores(): Cores {
  const [server, ...load] = allowedCores();
  if (server === undefined || load.length === 0 || !Bun.which('taskset')) return { server: [], load: [] };
  return { server: [server], load };
}

/** The command, confined to these cores with all its threads. The process keeps its id. */
export function pinned(command: readonly string[], cores: readonly number[]): string[] {
  return ['taskset', '-c', cores.join(','), ...command];
}

/** Linux writes them as `0-3,6`. */
function allowedCores(): number[] {
  const status = readFileSync('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
