import { mkdir, open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PokersError } from '../errors.ts';

/** What a disk's refusal is to people. */
export function diskError(cause: unknown): PokersError {
  if (cause instanceof PokersError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new PokersError(isFull ? 'server_files_full' : 'files_unavailable', undefined, { cause });
}

/** Makes a folder, and those above it, so that they outlive a loss of power. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = dirname(path); folder.length >= dirname(first).length; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(folder)) return;
  }
}

/** What was made, renamed or removed in a folder is on disk then. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes that are free for us on the disk that this folder is on. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
