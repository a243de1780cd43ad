import type { BunFile } from 'bun';
import type { Readable } from '../../files/files.ts';
import type { Egress } from '../../hub/egress.ts';
import type { Refusals } from '../../limits/refusals.ts';
import { type ByteRange, rangeOf } from './byte-range.ts';

/** Bodies beyond this, in bytes, are downloads: 16 KiB keep a link of 1 Mbit/s busy for 0.14 s. */
const LARGE_BYTES = 16 * 1024;

/** Downloads at a time; one more is refused with `busy`. On a free link of 1 Mbit/s each of so many moves every 5 s. */
const DOWNLOADS_MAX = 200;

/** Bytes of downloads that lie in memory, as pages of history do, not in a file. With so many, one more is refused. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;

/** `HTTP/1.1 200 OK`, `Date` and `Content-Length` or `Transfer-Encoding`, with the empty line. */
const ADDED_BYTES = 85;

/** Seconds without a byte after which the line of a download is cut: its turns may be far apart. */
const QUIET_SECONDS = 120;

/** A request, as far as its answer is concerned. */
export interface Asked {
  readonly request: Request;
  /** Sets how many seconds its line may be quiet; undefined sets what is usual. */
  readonly setIdle: (seconds: number | undefined) => void;
}

/** A large body that is being sent. */
class Download {
  readonly heldBytes: number;
  /** The size of its next chunk, and what waits for its turn. */
  bytes = 0;
  onTurn = (): void => {};

  constructor(body: Readable) {
    this.heldBytes = isHeld(body) ? body.size : 0;
  }
}

/**
 * HTTP answers on their way out. All are counted. Where the link has a limit, large bodies leave in small chunks, one of
 * each download in turn, as what is said in chats leaves room for them.
 */
export class Downloads {
  readonly #egress: Egress;
  readonly #refusals: Refusals;
  readonly #open = new Set<Download>();
  /** Those whose next chunk is ready, in the order of their turns. */
  readonly #waiting = new Set<Download>();
  #heldBytes = 0;
  #timer: Timer | undefined;

  constructor(egress: Egress, refusals: Refusals) {
    this.#egress = egress;
    this.#refusals = refusals;
  }

  /** How many are under way. */
  get count(): number {
    return this.#open.size;
  }

  /** The answer as it leaves. @param file its body, where that is one that people uploaded */
  async send(response: Response, asked: Asked, file?: Readable): Promise<Response> {
    const head = headBytes(response);
    if (asked.request.method === 'HEAD') {
      if (file) sayLength(response, file.size);
      this.#egress.answer(head);
      return response;
    }
    if (file && file.size > 0) return this.#inTurns(file, response, asked);
    const body = await response.blob(); // of a file this is a handle: nothing is read
    const isLarge = body.size > LARGE_BYTES;
    if (isLarge && this.#egress.limit < Infinity) return this.#inTurns(body, response, asked);
    this.#egress.answer(head + body.size, isLarge ? 'bulk' : 'http');
    return new Response(body.size > 0 ? body : null, response);
  }

  #inTurns(body: Readable, response: Response, asked: Asked): Response {
    this.#egress.answer(headBytes(response));
    if (this.#open.size >= DOWNLOADS_MAX || (isHeld(body) && this.#heldBytes >= HELD_BYTES_MAX)) {
      const error = this.#refusals.busy('downloads');
      return Response.json(error.toJSON(), { status: error.http, headers: error.headers });
    }
    const { headers } = response;
    const etag = headers.get('etag');
    if (etag === null || response.status !== 200) return this.#whole(body, response, asked);
    headers.set('accept-ranges', 'bytes');
    const range = rangeOf(asked.request.headers, body.size, etag);
    if (range === undefined) return this.#whole(body, response, asked);
    headers.set('content-range', `bytes ${sayRange(range)}/${body.size}`);
    if (range === 'outside') return new Response(null, { status: 416, headers });
    return this.#whole(
      body.slice(range.start, range.end),
      new Response(null, { status: 206, headers }),
      asked,
    );
  }

  /** In chunks; or at once, with its length, where nothing else waits for the link and Bun can read it by itself. */
  #whole(body: Readable, response: Response, asked: Asked): Response {
    const isFree = this.#egress.limit === Infinity && body instanceof Blob;
    if (!isFree) return new Response(this.#stream(body, asked), response);
    this.#egress.answer(body.size, 'bulk');
    return new Response(body.slice(0, body.size), response);
  }

  /** Bun asks for a chunk when the one before is on its way, and says when the client has gone. */
  #stream(body: Readable, { setIdle }: Asked): ReadableStream<Uint8Array> {
    const download = new Download(body);
    this.#open.add(download);
    this.#heldBytes += download.heldBytes;
    setIdle(QUIET_SECONDS);
    let sent = 0;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const chunk = await this.#read(download, body.slice(sent, sent + this.#egress.chunkBytes));
          // The first leaves at once, with the headers, as a small answer does: the client sees that it is served.
          if (sent === 0) this.#egress.chunk(chunk.length);
          else await this.#turn(download, chunk.length);
          if (!this.#open.has(download)) return;
          sent += chunk.length;
          if (sent >= body.size) setIdle(undefined);
          controller.enqueue(chunk);
          if (sent < body.size) return;
          this.#ended(download);
          controller.close();
        },
        cancel: () => this.#ended(download),
      },
      { highWaterMark: 0 },
    );
  }

  /** @throws where the file has become shorter meanwhile: the client sees that it got a part only */
  async #read(download: Download, part: Readable): Promise<Uint8Array> {
    try {
      const bytes = await part.bytes();
      if (bytes.length > 0) return bytes;
      throw new Error('a file that is being sent has become shorter');
    } catch (error) {
      this.#ended(download);
      throw error;
    }
  }

  #turn(download: Download, bytes: number): Promise<void> {
    return new Promise((resolve) => {
      download.bytes = bytes;
      download.onTurn = resolve;
      this.#waiting.add(download);
      if (this.#timer === undefined) this.#giveTurns();
    });
  }

  #giveTurns(): void {
    this.#timer = undefined;
    for (const download of this.#waiting) {
      const ms = this.#egress.chunkWaitMs;
      if (ms > 0) {
        this.#timer = setTimeout(() => this.#giveTurns(), Math.ceil(ms));
        return;
      }
      this.#waiting.delete(download);
      this.#egress.chunk(download.bytes);
      download.onTurn();
    }
  }

  #ended(download: Download): void {
    if (!this.#open.delete(download)) return;
    this.#heldBytes -= download.heldBytes;
    this.#waiting.delete(download);
  }
}

/** The status line and the headers of an answer, in bytes, with those that Bun adds. */
function headBytes({ headers }: Response): number {
  let bytes = ADDED_BYTES;
  headers.forEach((value, name) => {
    bytes += name.length + value.length + ': \r\n'.length;
  });
  return bytes;
}

/** Whether a body lies in memory: what Bun made from a file has that file's name. */
function isHeld(body: Readable): boolean {
  return body instanceof Blob && (body as Partial<BunFile>).name === undefined;
}

function sayLength({ headers }: Response, size: number): void {
  headers.set('content-length', String(size));
  headers.set('accept-ranges', 'bytes');
}

function sayRange(range: ByteRange | 'outside'): string {
  return range === 'outside' ? '*' : `${range.start}-${range.end - 1}`;
}
