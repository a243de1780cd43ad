import { join } from 'node:path';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import { freeBytes } from './disk.ts';
import type { Keeping } from './keeping.ts';
import { LocalFiles } from './local-files.ts';
import { S3Files } from './s3-files.ts';
import { Staging } from './staging.ts';

export interface FilesParts extends Pick<Keeping, 'chat' | 'refusals'> {
  /** Told why a place that is not on this machine could not be used. */
  readonly onTrouble: (cause: unknown) => void;
}

/** The folder in which files are, or in which they come in on their way elsewhere. */
export function filesFolder({ data, files }: Pick<Config, 'data' | 'files'>): string {
  return files && 'folder' in files ? files.folder : join(data, 'files');
}

/** What the commands about files work with. @throws StartError where the folder cannot be used */
export function openFiles(config: Config, { chat, refusals, onTrouble }: FilesParts): Keeping {
  const { files: place, caps } = config;
  const folder = filesFolder(config);
  // In the folder of the files themselves: what has come whole is moved within one file system.
  const uploads = join(folder, 'uploads');
  try {
    return {
      chat,
      refusals,
      files: place && 's3' in place ? new S3Files(place.s3, onTrouble) : new LocalFiles(folder),
      staging: new Staging(uploads),
      caps,
      freeBytes: async () => (await freeBytes(uploads)) - caps.freeBytes,
    };
  } catch (cause) {
    throw new StartError(`Cannot keep files in ${folder}: ${String((cause as Error).message)}`, { cause });
  }
}
