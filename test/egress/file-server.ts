import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Downloads } from '../../server/src/doors/http/downloads.ts';
import { serveWebClient, WebClient } from '../../server/src/doors/http/web-client.ts';
import { Egress } from '../../server/src/hub/egress.ts';
import { Refusals } from '../../server/src/limits/refusals.ts';
import { temporaryFolder } from '../actors/server-process.ts';

/** The large file, at `/assets/large.bin`; its bytes tell where they stand. Beside it there is `large.bin.br`. */
export const LARGE = Uint8Array.from({ length: 20_000_000 }, (_, index) => (index * 31) >> 8);
export const PACKED = LARGE.subarray(0, 50_000);
export const SMALL = 'body { color: black }';

export interface FileServer {
  readonly url: string;
  readonly egress: Egress;
  readonly downloads: Downloads;
  stop(): Promise<void>;
}

/** Serves a large and a small file as the web client's are served, in this process. @param limit in bytes a second */
export function serveFiles(limit: number): FileServer {
  const folder = temporaryFolder('egress');
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'index.html'), '<p>Hello</p>');
  writeFileSync(join(folder.path, 'assets/large.bin'), LARGE);
  writeFileSync(join(folder.path, 'assets/large.bin.br'), PACKED);
  writeFileSync(join(folder.path, 'assets/small.css'), SMALL);
  const client = new WebClient(folder.path);
  const egress = new Egress(limit);
  const downloads = new Downloads(egress, new Refusals());
  const server = Bun.serve({
    port: 0,
    fetch: (request, server) =>
      downloads.send(serveWebClient(client, request), {
        request,
        setIdle: (seconds = 10) => server.timeout(request, seconds),
      }),
  });
  return {
    url: `http://localhost:${server.port}`,
    egress,
    downloads,
    async stop() {
      await server.stop(true);
      folder.remove();
    },
  };
}

/** A download, and how much of it has come. */
export class Fetching {
  bytes = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stop: AbortController;

  private constructor(reader: ReadableStreamDefaultReader<Uint8Array>, stop: AbortController) {
    this.#reader = reader;
    this.#stop = stop;
  }

  static async start(url: string, headers: Record<string, string> = {}): Promise<Fetching> {
    const stop = new AbortController();
    // Bun's fetch holds small chunks back unless the encoding is the identity and each is read at once.
    const response = await fetch(url, {
      headers: { 'accept-encoding': 'identity', ...headers },
      signal: stop.signal,
    });
    if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
    const fetching = new Fetching(response.body.getReader(), stop);
    void fetching.#read();
    return fetching;
  }

  /** Bytes a second that come during the next so many ms. */
  async rate(ms: number): Promise<number> {
    const [before, at] = [this.bytes, performance.now()];
    await Bun.sleep(ms);
    return ((this.bytes - before) / (performance.now() - at)) * 1_000;
  }

  abort(): void {
    this.#stop.abort();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        this.bytes += value.length;
      }
    } catch {
      // It was aborted.
    }
  }
}
