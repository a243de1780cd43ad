import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Spread, spreadOf } from '../statistics.ts';

/** What Linux calls a file system in memory (`linux/magic.h`). */
const TMPFS_MAGIC = 0x01021994;

const SYNCS = 100;
const PAGE_BYTES = 4096;

/** Where the databases of a benchmark lie. */
export interface Scratch {
  readonly folder: string;
  /** `fsync` costs nothing there, and durable posts mean nothing. */
  readonly isInMemory: boolean;
  /** What writing a page to a file's end and bringing it to the disk takes, in ms. */
  readonly syncMs: Spread;
}

/** A new folder under the system's temporary one, that is gone when the process ends. */
export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'pokers-bench-store-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  return {
    folder,
    isInMemory: statfsSync(folder).type === TMPFS_MAGIC,
    syncMs: spreadOf(measureSyncs(join(folder, 'sync'))),
  };
}

function measureSyncs(file: string): number[] {
  const page = new Uint8Array(PAGE_BYTES);
  const descriptor = openSync(file, 'w');
  const times = Array.from({ length: SYNCS }, () => {
    const from = performance.now();
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
    return performance.now() - from;
  });
  closeSync(descriptor);
  rmSync(file);
  return times;
}
