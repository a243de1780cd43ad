import { mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, makeFolder, syncFolder } from './disk.ts';
import type { Files, Readable } from './files.ts';

/**
 * Files in a folder, in 256 folders by the first two digits of their keys. What is put there must be on disk already, and
 * on the same file system: it is only given another name.
 */
export class LocalFiles implements Files {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async put(key: string, path: string): Promise<void> {
    const place = this.#pathOf(key);
    try {
      await makeFolder(dirname(place));
      await rename(path, place);
      await syncFolder(dirname(place));
    } catch (cause) {
      throw diskError(cause);
    }
  }

  async open(key: string): Promise<Readable | undefined> {
    const file = Bun.file(this.#pathOf(key));
    return (await file.exists()) ? file : undefined;
  }

  async remove(key: string): Promise<void> {
    try {
      await rm(this.#pathOf(key), { force: true });
    } catch (cause) {
      throw diskError(cause);
    }
  }

  #pathOf(key: string): string {
    return placeOf(this.#folder, key);
  }
}

export function placeOf(folder: string, key: string): string {
  return join(folder, key.slice(0, 2), key);
}
