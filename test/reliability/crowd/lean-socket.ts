import type { Socket } from 'bun';
import { handshakeOf } from '../framing/handshake.ts';
import { frameOf, OPCODES } from '../framing/raw-socket.ts';

/** A v2 connection of which one process can have thousands: nothing is kept but what came in of an unfinished frame. */
export class LeanSocket {
  /** A frame's text, in `bytes` from `start` up to `end`, valid during the call only. */
  onText: (bytes: Buffer, start: number, end: number) => void = () => {};
  /** With the close code that the server gave, or 1006. */
  onLost: (code: number) => void = () => {};
  isOver = false;
  #tcp: Socket<undefined> | undefined;
  #rest: Buffer | undefined;
  #isUpgraded = false;
  #closeCode = 1006;
  #upgraded = Promise.withResolvers<boolean>();

  private constructor() {}

  /** Upgraded as the token's user; undefined where the server does not take it. */
  static async open(host: string, port: number, token: string): Promise<LeanSocket | undefined> {
    const socket = new LeanSocket();
    const lost = (): void => socket.#lost();
    try {
      socket.#tcp = await Bun.connect({
        hostname: host,
        port,
        socket: {
          data: (_tcp, chunk) => socket.#read(chunk as Buffer),
          close: lost,
          error: lost,
          connectError: lost,
        },
      });
    } catch {
      return undefined;
    }
    socket.#tcp.write(handshakeOf(token));
    return (await socket.#upgraded.promise) ? socket : undefined;
  }

  send(frame: object): void {
    this.#tcp?.write(frameOf({ opcode: OPCODES.text, payload: JSON.stringify(frame) }));
  }

  /** Ends at once: the address is free again, and nobody says goodbye. */
  terminate(): void {
    this.onLost = () => {};
    this.#tcp?.terminate();
  }

  #lost(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#upgraded.resolve(false);
    this.onLost(this.#closeCode);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = this.#isUpgraded ? this.#readFrames(bytes, 0) : this.#readHead(bytes);
    this.#rest = end < bytes.length ? Buffer.from(bytes.subarray(end)) : undefined;
  }

  #readHead(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    this.#isUpgraded = bytes.toString('latin1', 0, 12) === 'HTTP/1.1 101';
    this.#upgraded.resolve(this.#isUpgraded);
    if (!this.#isUpgraded) this.terminate();
    return this.#isUpgraded ? this.#readFrames(bytes, end + 4) : bytes.length;
  }

  /** Takes all whole frames, and returns where the first that is not whole begins. */
  #readFrames(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes.length - at >= 2) {
      const size = (bytes[at + 1] ?? 0) & 0x7f;
      const start = at + (size === 126 ? 4 : size === 127 ? 10 : 2);
      if (bytes.length < start) break;
      const end =
        start +
        (size === 126
          ? bytes.readUInt16BE(at + 2)
          : size === 127
            ? Number(bytes.readBigUInt64BE(at + 2))
            : size);
      if (bytes.length < end) break;
      const opcode = (bytes[at] ?? 0) & 0x0f;
      if (opcode === OPCODES.text) this.onText(bytes, start, end);
      if (opcode === OPCODES.close && end - start >= 2) this.#closeCode = bytes.readUInt16BE(start);
      if (opcode === OPCODES.ping)
        this.#tcp?.write(frameOf({ opcode: OPCODES.pong, payload: bytes.subarray(start, end) }));
      at = end;
    }
    return at;
  }
}
