import { join } from 'node:path';
import type { Config } from '../config.ts';
import { freeBytes } from './disk.ts';
import type { Keeping } from './keeping.ts';
import { LocalFiles } from './local-files.ts';
import { Staging } from './staging.ts';

/** What the commands about files work with: files are in the folder `files` of the data folder. */
export function openFiles({ data, caps }: Config, parts: Pick<Keeping, 'chat' | 'refusals'>): Keeping {
  const folder = join(data, 'files');
  // In the folder of the files themselves: what has come whole is moved within one file system.
  const uploads = join(folder, 'uploads');
  return {
    ...parts,
    files: new LocalFiles(folder),
    staging: new Staging(uploads),
    caps,
    freeBytes: async () => (await freeBytes(uploads)) - caps.freeBytes,
  };
}
