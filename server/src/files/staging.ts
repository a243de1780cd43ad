import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PokersError } from '../errors.ts';
import { diskError, syncFolder } from './disk.ts';

/** What is being written: how to end it, and when it has ended. */
interface Writing {
  readonly stop: () => void;
  readonly ended: Promise<void>;
}

export interface StagedPiece {
  /** Where it begins: as many bytes as have come. */
  readonly offset: number;
  /** Of the whole, in bytes; nothing is written beyond it. */
  readonly size: number;
  readonly bytes: ReadableStream<Uint8Array> | null;
  /** Called when all has come, before anybody else may touch this upload. */
  readonly onWhole: () => Promise<void>;
}

/** Uploads that have not come whole yet, each a file of this machine: as long as it is, so much has come. */
export class Staging {
  readonly #folder: string;
  readonly #writing = new Map<string, Writing>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Pieces that are coming in now. */
  get count(): number {
    return this.#writing.size;
  }

  /** How many bytes have come; nobody writes any more then. A line that broke may not have been noticed yet. */
  async settled(key: string): Promise<number> {
    const writing = this.#writing.get(key);
    writing?.stop();
    await writing?.ended;
    return this.#length(key);
  }

  /**
   * Puts a piece behind what has come, and keeps what has come of it when its line breaks.
   * @returns how many bytes have come, all of them on disk
   * @throws upload_offset_wrong where this is not what comes next, server_files_full, files_unavailable, and as `onWhole`
   */
  async add(key: string, piece: StagedPiece): Promise<number> {
    const length = await this.settled(key);
    if (length !== piece.offset || this.#writing.has(key)) throw new PokersError('upload_offset_wrong');
    const reader = piece.bytes?.getReader();
    const done = Promise.withResolvers<void>();
    this.#writing.set(key, { stop: () => void reader?.cancel().catch(() => {}), ended: done.promise });
    try {
      const came = await this.#write(key, piece, reader);
      if (came === piece.size) await piece.onWhole();
      return came;
    } catch (cause) {
      throw diskError(cause);
    } finally {
      this.#writing.delete(key);
      done.resolve();
    }
  }

  pathOf(key: string): string {
    return join(this.#folder, key);
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  /**
   * Removes what nothing came to any more since then, in ms since 1970: an upload that was finished, or given up, over
   * another server leaves here what had come of it before.
   */
  async removeOld(before: number): Promise<void> {
    for (const key of await readdir(this.#folder)) {
      const found = await stat(this.pathOf(key)).catch(() => undefined); // finished meanwhile
      if (found && found.mtimeMs < before) await this.remove(key);
    }
  }

  async #length(key: string): Promise<number> {
    try {
      return (await stat(this.pathOf(key))).size;
    } catch {
      return 0;
    }
  }

  async #write(
    key: string,
    { offset, size }: StagedPiece,
    reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  ): Promise<number> {
    const handle = await open(this.pathOf(key), offset === 0 ? 'w' : 'r+', 0o600);
    let came = offset;
    try {
      if (reader) came = await copy(reader, handle, offset, size);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    if (offset === 0) await syncFolder(this.#folder);
    return came;
  }
}

/** @returns where it ends: with the piece, or where its line broke */
async function copy(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  handle: FileHandle,
  offset: number,
  size: number,
): Promise<number> {
  let at = offset;
  for (;;) {
    const { done, value } = await reader.read().catch(() => BROKEN);
    if (done || !value) return at;
    if (at + value.length > size) throw new PokersError('upload_offset_wrong', 'it is longer than was said');
    for (let sent = 0; sent < value.length; ) {
      const { bytesWritten } = await handle.write(value, sent, value.length - sent, at);
      sent += bytesWritten;
      at += bytesWritten;
    }
  }
}

const BROKEN = { done: true, value: undefined } as const;
