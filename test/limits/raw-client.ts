import { connect, type Socket } from 'node:net';
import { isNewsOfClass } from '../actors/socket-client.ts';

/** Whatever listens there. */
type Listener = { readonly port: number };

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A TCP connection that does only what it is told to: it can be mute, slow, or stop halfway. */
export class RawClient {
  /** Whole frames so far, as text; control frames are not among them. */
  readonly frames: string[] = [];
  pings = 0;
  /** Ms from connecting to the end of the line. */
  readonly closed: Promise<number>;
  /** Whether it answers pings. */
  answers = true;
  readonly #socket: Socket;
  #isOpen = true;
  #isUpgraded = false;
  #unread: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    const since = performance.now();
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.closed = new Promise((resolve) => {
      const end = (): void => {
        this.#isOpen = false;
        socket.destroy();
        resolve(performance.now() - since);
      };
      socket.on('end', end);
      socket.on('close', end);
    });
  }

  static connect({ port }: Listener): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Connected as a WebSocket: a classic one, or one with a subprotocol and a session. */
  static async upgrade(server: Listener, headers: Record<string, string> = {}): Promise<RawClient> {
    const client = await RawClient.connect(server);
    client.write(upgradeRequest(headers));
    while (!client.#isUpgraded) {
      if (!client.#isOpen) throw new Error('the server refused the socket');
      await Bun.sleep(1);
    }
    return client;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  write(bytes: string | Uint8Array): void {
    if (this.#isOpen) this.#socket.write(bytes);
  }

  sendText(value: unknown): void {
    this.write(masked(OPCODE.text, Buffer.from(JSON.stringify(value))));
  }

  /** From now on it reads nothing, and TCP holds the server up. */
  stopReading(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (!this.#isOpen) throw new Error(`the line ended; frames so far: ${this.frames.join('\n')}`);
      await Bun.sleep(2);
    }
  }

  #take(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (!this.#isUpgraded) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!this.#unread.subarray(0, end).includes(' 101 ')) return void this.#socket.destroy();
      this.#isUpgraded = true;
      this.#unread = this.#unread.subarray(end + 4);
    }
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) this.#receive(frame);
  }

  #receive({ opcode, payload }: { opcode: number; payload: Buffer }): void {
    const text = opcode === OPCODE.text ? payload.toString() : '';
    if (opcode === OPCODE.text && !isNewsOfClass(text)) this.frames.push(text);
    if (opcode !== OPCODE.ping) return;
    this.pings++;
    if (this.answers) this.write(masked(OPCODE.pong, payload));
  }

  #nextFrame(): { opcode: number; payload: Buffer } | undefined {
    const bytes = this.#unread;
    if (bytes.length < 2) return undefined;
    const short = bytes.readUInt8(1) & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return undefined;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return undefined;
    this.#unread = bytes.subarray(head + length);
    return { opcode: bytes.readUInt8(0) & 15, payload: bytes.subarray(head, head + length) };
  }
}

export function upgradeRequest(headers: Record<string, string> = {}): string {
  const lines = Object.entries({
    host: 'localhost',
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET /wss HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** A client's frame of up to 65,535 bytes; the mask is all zeros. */
function masked(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head.writeUInt8(128 | opcode, 0);
  head.writeUInt8(128 | (long ? 126 : payload.length), 1);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
