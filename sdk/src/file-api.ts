import type { FilesView, FileView, LimitsView } from '@pokers/protocol/files';
import { FILE_LIMITS } from '@pokers/protocol/limits';
import { Backoff } from './backoff.ts';
import { DEFAULTS } from './defaults.ts';
import { isNetworkError, PokersError, toPokersError } from './errors.ts';
import type { HttpApi } from './http-api.ts';

export interface NewFile {
  readonly name: string;
  /** For a picture: a ThumbHash in base64. */
  readonly preview?: string;
}

export interface UploadOptions {
  /** Bytes that are on the server's disk. */
  readonly onProgress?: (bytes: number) => void;
  /** Stops it; `upload` rejects with `closed`. What has come stays, to be gone on with or cancelled. */
  readonly signal?: AbortSignal;
}

/** Bounds and delays of uploads. Times are milliseconds. */
const UPLOADS = {
  /** A piece that takes longer counts as lost; what came of it is kept. */
  pieceMs: 60_000,
  /** Pieces are made so large that each takes about so long: progress is seen, and little is sent twice. */
  goalMs: 1_000,
  /** The first piece, and the smallest, in bytes. */
  minBytes: 32 * 1024,
  /** Tries without a byte of progress after which an upload fails. */
  tries: 8,
} as const;

/** What the server says when the next try may go well. */
const PASSING: ReadonlySet<string> = new Set([
  'network',
  'busy',
  'too_many',
  'upload_offset_wrong',
  'store_unavailable',
  'files_unavailable',
]);

/** Files over the HTTP door; apart from `HttpApi`, since a page begins without them. */
export class FileApi {
  readonly #http: HttpApi;

  constructor(http: HttpApi) {
    this.#http = http;
  }

  /** What may be uploaded, and what is left of it: in bytes. */
  limits(classId: number): Promise<LimitsView> {
    return this.#http.ask('GET', `/api/limits?class=${classId}`);
  }

  /** Takes room for a file; `upload` then sends its bytes. */
  begin(classId: number, file: NewFile & { readonly size: number }): Promise<FileView> {
    return this.#http.ask('POST', `/api/classes/${classId}/files`, file);
  }

  /** How far an upload is. @throws file_not_found where it was forgotten */
  find(id: number): Promise<FileView> {
    return this.#http.ask('GET', `/api/files/${id}`);
  }

  /** Forgets a file that was not posted. */
  async cancel(id: number): Promise<void> {
    await this.#http.ask('DELETE', `/api/files/${id}`);
  }

  /** The messages of a thread with files, or with pictures alone: the newest 50, or those before one. */
  list(threadId: number, query: { kind?: 'pictures'; before?: number } = {}): Promise<FilesView> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.#http.ask('GET', `/api/threads/${threadId}/files${search && `?${search}`}`);
  }

  /**
   * Sends what the server has not got yet of a file that was begun, and goes on by itself where a line breaks.
   * @throws network where nothing came through for several tries, `closed` for a signal, and the server's no
   */
  async upload(id: number, bytes: Blob, { onProgress, signal }: UploadOptions = {}): Promise<FileView> {
    const backoff = new Backoff(DEFAULTS.backoff);
    let size: number = UPLOADS.minBytes;
    let tries = 0;
    let file: FileView | undefined;
    for (;;) {
      if (signal?.aborted) throw PokersError.closed('The upload was stopped.');
      try {
        file ??= await this.find(id);
        onProgress?.(file.offset);
        if (file.done) return file;
        const began = performance.now();
        const { offset } = file;
        const piece = bytes.slice(offset, offset + size);
        file = await this.#send(id, offset, piece, signal);
        size = nextSize(size, performance.now() - began);
        if (file.offset > offset) tries = 0;
        backoff.reset();
      } catch (cause) {
        const error = toPokersError(cause);
        if (signal?.aborted) continue;
        if (!PASSING.has(error.error) || ++tries >= UPLOADS.tries) throw error;
        file = undefined;
        if (isNetworkError(error)) size = UPLOADS.minBytes;
        await wait(backoff.next(), signal);
      }
    }
  }

  #send(id: number, offset: number, piece: Blob, signal?: AbortSignal): Promise<FileView> {
    const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    const timeout = AbortSignal.timeout(UPLOADS.pieceMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return this.#http.send(`/api/files/${id}`, { method: 'PATCH', headers, body: piece, signal: either });
  }
}

function nextSize(size: number, ms: number): number {
  if (ms < UPLOADS.goalMs / 2) return Math.min(size * 2, FILE_LIMITS.pieceBytes);
  if (ms > UPLOADS.goalMs * 2) return Math.max(size / 2, UPLOADS.minBytes);
  return size;
}

/** Ends early for a signal. */
function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
