import { connect, type Socket } from 'node:net';

/** Opcodes of RFC 6455, section 5.2. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameParts {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  /** Default true. */
  readonly fin?: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  readonly reserved?: number;
  /** Default true: what a client sends is masked. */
  readonly masked?: boolean;
  /** What the header says, where that is not the payload's length. */
  readonly length?: number;
  /** Writes the length in this many bits (7, 16 or 64), also where fewer would do. */
  readonly lengthBits?: 7 | 16 | 64;
}

/** A frame byte for byte, right or wrong. */
export function frameOf({
  opcode,
  payload = '',
  fin = true,
  reserved = 0,
  masked = true,
  ...more
}: FrameParts): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const length = more.length ?? body.length;
  const bits = more.lengthBits ?? (length < 126 ? 7 : length < 65536 ? 16 : 64);
  const head = Buffer.alloc(2 + (bits === 7 ? 0 : bits / 8));
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (bits === 7 ? length : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(length, 2);
  if (bits === 64) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, body]);
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  return Buffer.concat([head, mask, body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** What the server sent, as far as it is a whole frame. */
export interface ReceivedFrame {
  readonly opcode: number;
  readonly text: string;
  /** Of a close frame that has one. */
  readonly code?: number;
}

/** What is tried before a test gives up, in ms. */
const PATIENCE_MS = 3_000;

/** A TCP connection that says exactly what it is told to. */
export class RawSocket {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk as Buffer]);
      this.#change();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#change();
    });
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect({ host: '127.0.0.1', port });
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return raw;
  }

  /** Sends bytes, each piece in a write of its own. */
  async write(...pieces: (string | Uint8Array)[]): Promise<void> {
    for (const piece of pieces) {
      if (this.#isClosed) return;
      await new Promise<void>((resolve) => {
        this.#socket.write(piece, () => resolve());
      });
      // So that the pieces do not leave in one segment.
      if (pieces.length > 1) await Bun.sleep(1);
    }
  }

  /** Reads no more: what comes fills the kernel's buffers. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** The head of an HTTP answer, once it is there; empty where the connection was closed without one. */
  async head(): Promise<string> {
    await this.#until(() => this.#headEnd() >= 0 || this.#isClosed);
    return this.#received.toString('latin1', 0, Math.max(0, this.#headEnd()));
  }

  /** All frames after the head so far. */
  frames(): ReceivedFrame[] {
    return decode(this.#received.subarray(Math.max(0, this.#headEnd())));
  }

  /** A frame for which `is` holds; undefined where none came before the connection was closed, or in time. */
  async frame(is: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame | undefined> {
    await this.#until(() => this.frames().some(is) || this.#isClosed);
    return this.frames().find(is);
  }

  /** Whether the server closes the connection in time. */
  async closes(withinMs = PATIENCE_MS): Promise<boolean> {
    await this.#until(() => this.#isClosed, withinMs);
    return this.#isClosed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The code of the close frame that came; undefined where none did. */
  get closeCode(): number | undefined {
    return this.frames().find(({ opcode }) => opcode === OPCODES.close)?.code;
  }

  #headEnd(): number {
    const end = this.#received.indexOf('\r\n\r\n');
    return end < 0 ? -1 : end + 4;
  }

  async #until(holds: () => boolean, withinMs = PATIENCE_MS): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!holds() && Date.now() < deadline) {
      await Promise.race([this.#changed.promise, Bun.sleep(Math.max(1, deadline - Date.now()))]);
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

function decode(bytes: Buffer): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  for (let at = 0; bytes.length - at >= 2; ) {
    const size = (bytes[at + 1] ?? 0) & 0x7f;
    const start = at + (size === 126 ? 4 : size === 127 ? 10 : 2);
    if (bytes.length < start) break;
    const length =
      size === 126 ? bytes.readUInt16BE(at + 2) : size === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : size;
    const end = start + length;
    if (bytes.length < end) break;
    const opcode = (bytes[at] ?? 0) & 0x0f;
    const hasCode = opcode === OPCODES.close && length >= 2;
    const text = bytes.toString('utf8', hasCode ? start + 2 : start, end);
    frames.push(hasCode ? { opcode, text, code: bytes.readUInt16BE(start) } : { opcode, text });
    at = end;
  }
  return frames;
}
