import { inflateRawSync } from 'node:zlib';
import { fromLeanEvent } from '@pokers/protocol/lean';
import { EVENTS, REPLIES } from '@pokers/protocol/v2';
import type { z } from 'zod';
import { BunSocket } from '../../actors/bun-socket.ts';
import type { Chance } from '../chance.ts';
import { Violation } from '../checker/violation.ts';

/** Frames between two of which the answers are waited for: below what a connection may have waiting. */
const BATCH = 100;

const PATIENCE_MS = 10_000;

/** Closes that a client may bring about: too large a frame, or a hello with no valid session. */
const CLOSES = new Set([1009, 4101]);

export interface SocketFuzz {
  readonly url: string;
  readonly token: string;
  readonly protocols: string[];
  readonly frames: number;
  readonly chance: Chance;
  readonly frame: (chance: Chance) => string | Uint8Array<ArrayBuffer>;
  /** A frame that is answered in a way that nothing else is, and how to know the answer. */
  readonly fence: (count: number) => { frame: string; isAnswer: (answer: string) => boolean };
  /** What is checked of every answer. @throws Violation */
  readonly check: (answer: string) => void;
  /** Whether what came is the answer to a frame, and not news. */
  readonly isAnswer: (answer: string) => boolean;
  readonly isComplete: (answers: number, frames: number) => boolean;
}

/** Sends frames by the hundred, and waits for all answers each time. @throws Violation */
export async function fuzzSocket(fuzz: SocketFuzz): Promise<{ frames: number; closes: number }> {
  let closes = 0;
  for (let sent = 0; sent < fuzz.frames; ) {
    const connection = await Connection.open(fuzz);
    if (connection.isOver) throw new Violation('the session is not valid any longer');
    while (sent < fuzz.frames && !connection.isOver)
      sent += await connection.batch(Math.min(BATCH, fuzz.frames - sent));
    if (connection.isOver) closes++;
    connection.end();
  }
  return { frames: fuzz.frames, closes };
}

class Connection {
  isOver = false;
  #answers: string[] = [];
  #fences = 0;
  #arrived: () => void = () => {};
  #code = 0;
  #last = '';

  private constructor(
    private readonly fuzz: SocketFuzz,
    private readonly socket: WebSocket,
  ) {
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      // A hello that was made up may have asked for the lean form.
      this.#answers.push(data instanceof ArrayBuffer ? String(inflateRawSync(data)) : String(data));
      this.#arrived();
    };
    socket.onclose = ({ code }) => {
      this.isOver = true;
      this.#code = code;
      this.#arrived();
    };
  }

  static async open(fuzz: SocketFuzz): Promise<Connection> {
    const headers = { authorization: `Bearer ${fuzz.token}` };
    const socket = new BunSocket(fuzz.url, { headers, protocols: fuzz.protocols });
    const connection = new Connection(fuzz, socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Violation('the server takes no connection'));
    });
    if (fuzz.protocols.length > 0 && fuzz.chance.is(0.9)) socket.send('{"action":"hello"}');
    await connection.#fence(0);
    return connection;
  }

  /** @returns how many frames were heard: those after one that closes the connection are not */
  async batch(count: number): Promise<number> {
    const { fuzz, socket } = this;
    for (let index = 0; index < count; index++) {
      const frame = fuzz.frame(fuzz.chance);
      this.#last = String(frame);
      socket.send(frame);
    }
    const answered = await this.#fence(count);
    return this.isOver ? Math.min(answered, count) : count;
  }

  end(): void {
    this.socket.close();
  }

  /** @returns how many answers came */
  async #fence(frames: number): Promise<number> {
    const { frame, isAnswer } = this.fuzz.fence(++this.#fences);
    this.#answers = [];
    this.socket.send(frame);
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.isOver && !this.#answers.some(isAnswer)) {
      if (Date.now() > deadline)
        throw new Violation(`no answer in ${PATIENCE_MS} ms; the last frame: ${this.#last}`);
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#arrived = resolve;
        }),
        Bun.sleep(1_000),
      ]);
    }
    const answers = this.#answers.filter(this.fuzz.isAnswer);
    for (const answer of this.#answers) this.fuzz.check(answer);
    if (this.isOver) {
      if (!CLOSES.has(this.#code))
        throw new Violation(`closed with ${this.#code}; the last frame: ${this.#last}`);
    } else if (frames > 0 && !this.fuzz.isComplete(answers.length - 1, frames)) {
      throw new Violation(`${answers.length - 1} answers to ${frames} frames`);
    }
    return answers.length;
  }
}

/** An answer of the v2 door is as its schema says, and never that the server is at fault. @throws Violation */
export function checkV2(answer: string): void {
  const parsed: unknown = JSON.parse(answer);
  const frame = (Array.isArray(parsed) ? fromLeanEvent(parsed as never) : parsed) as {
    op: string;
    error?: string;
  };
  const schemas: Readonly<Record<string, z.ZodType>> = { ...REPLIES, ...EVENTS };
  const schema = schemas[frame.op];
  if (frame.error === 'internal' || !schema?.safeParse(frame).success)
    throw new Violation(`answered ${answer}`);
}

const CLASSIC_OPS = new Set(['connect', 'send', 'sent', 'join', 'keep']);

/** An answer of the classic door is one of the original's, or a record. @throws Violation */
export function checkClassic(answer: string): void {
  const frame = JSON.parse(answer) as { op?: string; id?: number; speaker_name?: string };
  const isKnown = frame.op === undefined ? frame.id !== undefined : CLASSIC_OPS.has(frame.op);
  if (!isKnown) throw new Violation(`answered ${answer}`);
}
