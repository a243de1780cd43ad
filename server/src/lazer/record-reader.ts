import { type FileHandle, open } from 'node:fs/promises';
import { type RecordBytes, RecordScanner } from './record-scanner.ts';
import { wrongFile } from './wrong-file.ts';

/** One record of a data file, and where it begins. */
export interface LazerRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly line: number;
  readonly number: number;
}

export interface ReadOptions {
  /** Called when the records up to here have been visited. */
  onBytes?(done: number, total: number): void;
}

/** How much of a file is read at a time, in bytes. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Visits the records of a data file in order, holding one chunk and one record at a time.
 * @returns whether the file held a list; false for a file with nothing in it.
 * @throws StartError naming file, line, record and reason where it cannot be read; what `visit` throws.
 */
export async function readRecords(
  file: string,
  visit: (record: LazerRecord) => void,
  options: ReadOptions = {},
): Promise<boolean> {
  const handle = await openFile(file);
  try {
    const scanner = new RecordScanner(file);
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const { size: total } = await handle.stat();
    options.onBytes?.(0, total);
    let done = 0;
    for await (const chunk of chunksOf(handle, file)) {
      for (const record of scanner.push(chunk)) visit(parse(file, record, decoder));
      done += chunk.length;
      options.onBytes?.(Math.min(done, total), total);
    }
    return scanner.finish();
  } finally {
    await handle.close();
  }
}

/** Each chunk overwrites the one before. */
async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  while (true) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function parse(file: string, { bytes, line, number }: RecordBytes, decoder: TextDecoder): LazerRecord {
  const place = { file, line, record: number };
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw wrongFile(place, 'this record holds bytes that are not UTF-8', 'copyAgain', cause);
  }
  try {
    // The scanner found it between braces, so what parses is an object.
    return { fields: JSON.parse(text) as Record<string, unknown>, line, number };
  } catch (cause) {
    throw wrongFile(place, `this record is not valid JSON (${reasonOf(cause)})`, 'copyAgain', cause);
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): Error {
  return wrongFile({ file }, `it cannot be read (${reasonOf(cause)})`, 'copyAgain', cause);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
