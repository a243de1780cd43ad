import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';

const CGROUPS = '/sys/fs/cgroup';

/** What the machine gives to this process, or the container or service that it runs in. */
export interface Machine {
  readonly memoryBytes: number;
  /** Files, sockets included, that it may have open. */
  readonly openFiles: number;
}

export function thisMachine(): Machine {
  return { memoryBytes: Math.min(totalmem(), ...cgroupLimits()), openFiles: openFilesMax() };
}

/** The limits of the process's own control group and of those it is in, of version 2; of version 1 the container's. */
function cgroupLimits(): number[] {
  const own = /^0::(.*)$/m.exec(textOf('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const files = [join(CGROUPS, 'memory/memory.limit_in_bytes')];
  for (let path = own; ; path = dirname(path)) {
    files.push(join(CGROUPS, path, 'memory.max'));
    if (path === dirname(path)) break;
  }
  // Where there is no limit the file is absent or says "max".
  return files.map((file) => Number.parseInt(textOf(file) ?? '', 10)).filter((bytes) => bytes > 0);
}

function openFilesMax(): number {
  const max = /^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits') ?? '')?.[1];
  return max === undefined ? Number.POSITIVE_INFINITY : Number(max);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
