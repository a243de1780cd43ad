import type { Socket } from 'bun';
import { nowUs } from './post-text.ts';

const TEXT = 1;
const PING = 9;
const PONG = 10;
/** The bit of a frame that is the last, here always the only one, of its message. */
const FINAL = 0x80;

/** A protocol's own way to see whether a client lives, apart from the WebSocket's: what it hears, and what it answers. */
export interface TextPing {
  readonly hear: string;
  readonly say: string;
}

/** What is done with a text frame: its payload lies in `bytes` from `start` up to `end`, valid during the call only. */
export type OnText = (bytes: Buffer, start: number, end: number) => void;

/**
 * A WebSocket client that does no more than a load generator needs, so that the generator is not what is measured: no
 * event objects, no strings for frames that are only counted, no random mask.
 */
export class FrameSocket {
  onText: OnText = () => {};
  /** The connection broke, or the server did something that this client does not take. */
  onLost: (why: string) => void = () => {};
  /** How often something came in: several frames that the server wrote together, or close together, count once. */
  reads = 0;
  /** When it last did, by the machine's clock in µs. */
  readAtUs = 0;
  /** Bytes that came in since the upgrade: payloads and what frames them. */
  bytes = 0;
  readonly #textPing: TextPing | undefined;
  readonly #tcp: Socket<undefined>;
  readonly #upgraded = Promise.withResolvers<void>();
  #isUpgraded = false;
  /** What came in so far of a frame that is not whole yet. */
  #rest: Buffer | undefined;

  private constructor(tcp: Socket<undefined>, textPing: TextPing | undefined) {
    this.#tcp = tcp;
    this.#textPing = textPing;
    this.onLost = (why) => this.#upgraded.reject(new Error(why));
  }

  /** @throws Error when the server refuses the upgrade */
  static async open(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>>,
    onText: OnText,
    textPing?: TextPing,
  ): Promise<FrameSocket> {
    const tcp = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: {
        data: (_socket, chunk) => client.#read(chunk as Buffer),
        close: () => client.onLost('the server closed the connection'),
        error: (_socket, error) => client.onLost(error.message),
      },
    });
    const client = new FrameSocket(tcp, textPing);
    client.onText = onText;
    tcp.write(upgradeRequest(port, path, headers));
    await client.#upgraded.promise;
    return client;
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text));
  }

  close(): void {
    this.onLost = () => {};
    this.#tcp.end();
  }

  #read(chunk: Buffer): void {
    this.reads++;
    this.readAtUs = nowUs();
    this.bytes += chunk.length;
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = this.#isUpgraded ? this.#readFrames(bytes, 0) : this.#readUpgrade(bytes);
    this.#rest = end < bytes.length ? Buffer.from(bytes.subarray(end)) : undefined;
  }

  #readUpgrade(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    if (!bytes.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
      this.onLost(`the server refused the upgrade: ${bytes.toString('utf8')}`);
      return bytes.length;
    }
    this.#isUpgraded = true;
    this.#upgraded.resolve();
    return this.#readFrames(bytes, end + 4);
  }

  /** Takes all whole frames from `from` on, and returns where the first that is not whole begins. */
  #readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      const size = (bytes[at + 1] ?? 0) & 0x7f;
      const start = at + (size === 126 ? 4 : size === 127 ? 10 : 2);
      if (bytes.length < start) break;
      const end = start + payloadLength(bytes, at + 2, size);
      if (bytes.length < end) break;
      this.#take(bytes[at] ?? 0, bytes, start, end);
      at = end;
    }
    return at;
  }

  #take(first: number, bytes: Buffer, start: number, end: number): void {
    if (first === (FINAL | TEXT)) {
      if (this.#textPing && isText(this.#textPing.hear, bytes, start, end)) this.send(this.#textPing.say);
      else this.onText(bytes, start, end);
      return;
    }
    if (first === (FINAL | PING)) return this.#write(PONG, Buffer.from(bytes.subarray(start, end)));
    if (first === (FINAL | PONG)) return;
    this.onLost(`the server sent a frame that begins with ${first}: ${bytes.toString('utf8', start, end)}`);
  }

  /** Masked with zero, which is a valid mask. */
  #write(opcode: number, payload: Buffer): void {
    const isLong = payload.length > 125;
    const head = Buffer.alloc(isLong ? 8 : 6);
    head[0] = FINAL | opcode;
    head[1] = 0x80 | (isLong ? 126 : payload.length);
    if (isLong) head.writeUInt16BE(payload.length, 2);
    const frame = Buffer.concat([head, payload]);
    // They are few and short: where the kernel does not take one whole, the server has stopped reading.
    if (this.#tcp.write(frame) !== frame.length) this.onLost('the server takes no more frames');
  }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  return end - start === text.length && bytes.toString('latin1', start, end) === text;
}

function upgradeRequest(port: number, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** `size` is what the header's seven bits say; 126 and 127 mean that the length follows. */
function payloadLength(bytes: Buffer, at: number, size: number): number {
  if (size === 126) return bytes.readUInt16BE(at);
  return size === 127 ? Number(bytes.readBigUInt64BE(at)) : size;
}
