/** Bytes that can be read in parts: a Blob can. */
export interface Readable {
  /** In bytes. */
  readonly size: number;
  /** From `start` up to, without, `end`; nothing is read yet. */
  slice(start: number, end: number): Readable;
  bytes(): Promise<Uint8Array>;
}

/**
 * Where the bytes of files are. A key names the bytes of one file for good: random, 32 hexadecimal digits, never given
 * twice. What every implementation proves in the same suite:
 *
 * - `put` takes a file of this machine in, which may be gone from there then. It resolves when the bytes are durable. Until
 *   then nothing is there under the key; where it fails, nothing is, and the file is where it was.
 * - Removing what is not there is well.
 * - No call holds more than a few MiB in memory, whatever the size.
 *
 * @throws files_unavailable, server_files_full
 */
export interface Files {
  put(key: string, path: string): Promise<void>;
  /** Undefined where there is none. */
  open(key: string): Promise<Readable | undefined>;
  remove(key: string): Promise<void>;
}
