import { wrongFile } from './wrong-file.ts';

/** The bytes of one record, and where it begins. They are only good until the next chunk is pushed. */
export interface RecordBytes {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly number: number;
}

/**
 * Largest record, in bytes. A message of the original is some hundred bytes, a class with thousands of members some ten
 * thousand; it bounds what a file whose quotes or braces do not match makes us hold.
 */
export const RECORD_BYTES_MAX = 1024 * 1024;

const BOM = [0xef, 0xbb, 0xbf];
const TAB = 0x09;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const OBJECT_OPEN = 0x7b;
const OBJECT_CLOSE = 0x7d;

/**
 * What may come next: the array (after at most a BOM), its first record or its end, the rest of a record, a comma or the
 * end of the array, a record and nothing else (a comma went before), nothing at all.
 */
type State = 'array' | 'first' | 'record' | 'separator' | 'next' | 'end';

/**
 * Finds the records of a JSON array in bytes that arrive in chunks cut anywhere. It looks at structure alone: what a
 * record says is for JSON.parse, which is given one record at a time and so never the whole file.
 * @throws StartError naming line and record where the array itself is wrong.
 */
export class RecordScanner {
  readonly #file: string;
  #state: State = 'array';
  #line = 1;
  #bom = 0;
  /** Of the record under way: its number and first line, how deep the scan is in it, and what it had in earlier chunks. */
  #number = 0;
  #startLine = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #carried: Uint8Array[] = [];
  #carriedBytes = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *push(chunk: Uint8Array): Generator<RecordBytes> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state !== 'record') {
        at = this.#between(chunk, at);
        continue;
      }
      const end = this.#endOfRecord(chunk, at);
      const part = chunk.subarray(at, end);
      if (this.#carriedBytes + part.length > RECORD_BYTES_MAX) throw this.#tooLarge();
      at = end;
      if (this.#depth > 0) this.#carry(part);
      else yield this.#take(part);
    }
  }

  /**
   * To be called after the last chunk.
   * @returns whether there was an array; false for a file with nothing in it.
   */
  finish(): boolean {
    if (this.#state === 'end') return true;
    if (this.#state === 'array') return false;
    if (this.#state === 'record') {
      throw this.#torn(`the file ends in the middle of this record, which begins on line ${this.#startLine}`);
    }
    throw this.#torn('the file ends before the closing "]"');
  }

  /** One byte outside of the records. @returns where to go on; a record's first byte is left to `#endOfRecord`. */
  #between(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (byte === NEWLINE) this.#line++;
    if (byte === NEWLINE || byte === SPACE || byte === CARRIAGE_RETURN || byte === TAB) return at + 1;
    if (this.#state === 'array') return this.#open(byte, at);
    if (this.#state === 'separator') return this.#separate(byte, at);
    if (this.#state === 'end') throw this.#torn(`there is something after the closing "]" (${show(byte)})`);
    if (byte === ARRAY_CLOSE && this.#state === 'first') return this.#goto('end', at);
    if (byte === ARRAY_CLOSE) throw this.#torn('a comma stands before the closing "]"');
    this.#number++;
    if (byte !== OBJECT_OPEN) {
      throw this.#torn(`this is not a record: it begins with ${show(byte)} instead of "{"`);
    }
    this.#state = 'record';
    this.#startLine = this.#line;
    return at;
  }

  #open(byte: number, at: number): number {
    if (byte === ARRAY_OPEN) return this.#goto('first', at);
    if (byte !== BOM[this.#bom++]) {
      throw this.#torn(`it is no list of records: it begins with ${show(byte)} instead of "["`);
    }
    return at + 1;
  }

  #separate(byte: number, at: number): number {
    if (byte === COMMA) return this.#goto('next', at);
    if (byte === ARRAY_CLOSE) return this.#goto('end', at);
    throw this.#torn(`after this record comes ${show(byte)} instead of a comma or "]"`);
  }

  #goto(state: State, at: number): number {
    this.#state = state;
    return at + 1;
  }

  /** @returns the index after the record's last byte, or after the chunk's where the record goes on (`#depth` > 0). */
  #endOfRecord(chunk: Uint8Array, start: number): number {
    // In local variables for speed: this loop sees every byte of the file.
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let at = start;
    for (; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        else if (byte < SPACE) throw this.#torn(`a text is not closed, or holds ${show(byte)}`);
      } else if (byte === QUOTE) inString = true;
      else if (byte === NEWLINE) this.#line++;
      else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) depth++;
      else if ((byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) && --depth === 0) {
        at++;
        break;
      } else if (byte < SPACE && byte !== CARRIAGE_RETURN && byte !== TAB) {
        throw this.#torn(`${show(byte)} stands between the values`);
      }
    }
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    return at;
  }

  /** Copied, because the caller reads the next chunk into the same memory. */
  #carry(part: Uint8Array): void {
    this.#carried.push(part.slice());
    this.#carriedBytes += part.length;
  }

  #take(part: Uint8Array): RecordBytes {
    const bytes = this.#carriedBytes === 0 ? part : Buffer.concat([...this.#carried, part]);
    this.#carried = [];
    this.#carriedBytes = 0;
    this.#state = 'separator';
    return { bytes, line: this.#startLine, number: this.#number };
  }

  #tooLarge(): Error {
    const place = { file: this.#file, line: this.#startLine, record: this.#number };
    const limit = `${RECORD_BYTES_MAX / 1024 / 1024} MiB`;
    return wrongFile(
      place,
      `this record is larger than ${limit}, or one of its quotes or braces is not closed`,
      'copyAgain',
    );
  }

  #torn(reason: string): Error {
    const record = this.#number > 0 ? { record: this.#number } : {};
    return wrongFile({ file: this.#file, line: this.#line, ...record }, reason, 'copyAgain');
  }
}

function show(byte: number): string {
  if (byte === NEWLINE) return 'a line break';
  return byte > SPACE && byte < 0x7f
    ? `"${String.fromCharCode(byte)}"`
    : `the byte 0x${byte.toString(16).padStart(2, '0')}`;
}
