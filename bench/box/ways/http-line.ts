import { connect, type Socket } from 'node:net';

/** An answer of the API: its status, and its body as it came. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * One HTTP connection that is kept open, with one request on it at a time: what a client has for itself. (The `fetch` of
 * Bun shares its connections among all who ask.)
 */
export class HttpLine {
  readonly #host: string;
  readonly #port: number;
  readonly #token: string;
  #socket: Socket | undefined;
  #pending: PromiseWithResolvers<Answer> | undefined;
  #read: Buffer = Buffer.alloc(0);

  constructor(host: string, port: number, token: string) {
    this.#host = host;
    this.#port = port;
    this.#token = token;
  }

  /** Connects where it is not connected. @throws Error when the line ends before the answer */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const content = body === undefined ? '' : JSON.stringify(body);
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${this.#host}:${this.#port}`,
      `Authorization: Bearer ${this.#token}`,
      ...(content ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(content)}`] : []),
    ];
    this.#pending = Promise.withResolvers<Answer>();
    this.#socket ??= this.#connect();
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${content}`);
    return this.#pending.promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #connect(): Socket {
    const socket = connect(this.#port, this.#host);
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('error', () => {}); // `close` follows
    socket.on('close', () => {
      this.#socket = undefined;
      this.#read = Buffer.alloc(0);
      this.#pending?.reject(new Error('the line ended before the answer'));
      this.#pending = undefined;
    });
    return socket;
  }

  #take(bytes: Buffer): void {
    this.#read = this.#read.length === 0 ? bytes : Buffer.concat([this.#read, bytes]);
    const end = this.#read.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#read.toString('latin1', 0, end);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const whole = end + 4 + length;
    if (this.#read.length < whole) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.#read.subarray(end + 4, whole) };
    this.#read = this.#read.subarray(whole);
    this.#pending?.resolve(answer);
    this.#pending = undefined;
  }
}

/** What went well, as a value. @throws Error with what the server said instead */
export function parsed<Value>({ status, body }: Answer): Value {
  if (status >= 300) throw new Error(`${status} ${body.toString()}`);
  return JSON.parse(body.toString()) as Value;
}
