import { inflateRawSync } from 'node:zlib';
import { BunSocket } from './bun-socket.ts';

/** How long a frame or a close is waited for, in ms, before a test fails. */
const PATIENCE_MS = 5_000;

export interface SocketOptions {
  readonly token?: string;
  readonly origin?: string;
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
}

/** Whether a frame says that a class has changed: it answers nothing, and comes some 100 ms after a test set a class up. */
export function isNewsOfClass(text: string): boolean {
  return text.startsWith('{"op":"class"');
}

/** A raw WebSocket client that keeps every frame as it came, news of classes apart from the others. */
export class SocketClient {
  /** Every frame so far, as text, but for news of classes. */
  readonly frames: string[] = [];
  readonly newsOfClasses: string[] = [];
  /** Which of them came deflated, by place, and in how many bytes. */
  readonly deflated = new Map<number, number>();
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: BunSocket;
  #read = 0;
  #arrived = () => {};
  #arrival = this.#nextArrival();

  private constructor(socket: BunSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      const text = data instanceof ArrayBuffer ? inflateRawSync(data).toString() : String(data);
      if (isNewsOfClass(text)) {
        this.newsOfClasses.push(text);
        return;
      }
      if (data instanceof ArrayBuffer) this.deflated.set(this.frames.length, data.byteLength);
      this.frames.push(text);
      this.#arrived();
      this.#arrival = this.#nextArrival();
    };
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => resolve({ code, reason });
    });
  }

  static async open(url: string, options: SocketOptions = {}): Promise<SocketClient> {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    if (options.origin) headers.origin = options.origin;
    const socket = new BunSocket(url, { headers, protocols: options.protocols ?? [] });
    const client = new SocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`${url} refused the socket`));
    });
    return client;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Sends text, bytes, or a value as JSON. */
  send(frame: unknown): void {
    const isRaw = typeof frame === 'string' || frame instanceof Uint8Array;
    this.#socket.send(isRaw ? (frame as string | Uint8Array<ArrayBuffer>) : JSON.stringify(frame));
  }

  /** The next frame that was not read yet, as text. */
  async next(): Promise<string> {
    const frame = await this.at(this.#read);
    this.#read++;
    return frame;
  }

  /** The frame at this place among all, once it has come. */
  async at(index: number): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const frame = this.frames[index];
      if (frame !== undefined) return frame;
      if (Date.now() > deadline)
        throw new Error(`no frame in ${PATIENCE_MS} ms; so far: ${this.frames.join('\n')}`);
      await Promise.race([this.#arrival, Bun.sleep(100)]);
    }
  }

  async nextJson(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.next());
  }

  /** The next frame, past others, for which `is` holds. */
  async until(is: (frame: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const frame = await this.nextJson();
      if (is(frame)) return frame;
    }
  }

  close(): void {
    this.#socket.close();
  }

  /** Ends without a goodbye, as when a phone loses its net. */
  terminate(): void {
    this.#socket.terminate();
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }
}
