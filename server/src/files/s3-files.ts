import { S3Client, type S3File } from 'bun';
import { PokersError } from '../errors.ts';
import type { Files, Readable } from './files.ts';
import type { S3Place } from './place.ts';

/** Bytes of a part of a large upload: the least that S3 takes. One part is under way at a time. */
const PART_BYTES = 5 * 1024 * 1024;

/** Bytes that are asked for at once where less is wanted: each request takes its time. */
const WINDOW_BYTES = 256 * 1024;

/** Files in a bucket of S3, or of what speaks its protocol. They come and go through this server, which asks for rights. */
export class S3Files implements Files {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #onTrouble: (cause: unknown) => void;

  /** @param onTrouble told why the bucket could not be used */
  constructor({ prefix, ...place }: S3Place, onTrouble: (cause: unknown) => void) {
    this.#prefix = prefix;
    this.#client = new S3Client({ ...place, partSize: PART_BYTES, queueSize: 1, retry: 3 });
    this.#onTrouble = onTrouble;
  }

  async put(key: string, path: string): Promise<void> {
    try {
      await this.#file(key).write(Bun.file(path), { type: 'application/octet-stream' });
    } catch (cause) {
      throw this.#unavailable(cause);
    }
  }

  async open(key: string): Promise<Readable | undefined> {
    const file = this.#file(key);
    try {
      const { size } = await file.stat();
      return new Ahead(file, size, (cause) => this.#unavailable(cause));
    } catch (cause) {
      if (isMissing(cause)) return undefined;
      throw this.#unavailable(cause);
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#file(key).delete();
    } catch (cause) {
      if (!isMissing(cause)) throw this.#unavailable(cause);
    }
  }

  #file(key: string): S3File {
    return this.#client.file(`${this.#prefix}${key.slice(0, 2)}/${key}`);
  }

  #unavailable(cause: unknown): PokersError {
    this.#onTrouble(cause);
    return new PokersError('files_unavailable', undefined, { cause });
  }
}

/** The part that was read last, and what came with it. */
interface Window {
  start: number;
  bytes: Uint8Array;
}

/** A file of S3 that is read from its start to its end, in parts that may be small. */
class Ahead implements Readable {
  constructor(
    private readonly file: S3File,
    readonly size: number,
    private readonly failure: (cause: unknown) => PokersError,
    private readonly from = 0,
    private readonly window: Window = { start: 0, bytes: new Uint8Array() },
  ) {}

  slice(start: number, end: number): Readable {
    const size = Math.max(0, Math.min(end, this.size) - start);
    return new Ahead(this.file, size, this.failure, this.from + start, this.window);
  }

  async bytes(): Promise<Uint8Array> {
    const { window } = this;
    const isThere = this.from >= window.start && this.from + this.size <= window.start + window.bytes.length;
    if (!isThere) {
      window.bytes = await this.#ask();
      window.start = this.from;
    }
    const start = this.from - window.start;
    return window.bytes.subarray(start, start + this.size);
  }

  async #ask(): Promise<Uint8Array> {
    if (this.size === 0) return new Uint8Array();
    try {
      return await this.file.slice(this.from, this.from + Math.max(this.size, WINDOW_BYTES)).bytes();
    } catch (cause) {
      throw this.failure(cause);
    }
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && (cause as { code?: unknown }).code === 'NoSuchKey';
}
