import type { Change } from '@pokers/protocol/message';
import type { Event, Reply } from '@pokers/protocol/v2';
import { LeanSocket } from './lean-socket.ts';

/** Waits between two attempts to get in, in ms. */
const RETRY_MS = 50;

/** One of thousands: joins a thread, resumes, counts what it has. Nothing may be missing: seqs come without a hole. */
export class Client {
  seq = 0;
  refused = 0;
  /** Close codes of connections that ended without being asked to. */
  readonly lost: number[] = [];
  /** Gets all frames in its place, once it is in: for measuring, where reading them would be what is measured. */
  onText: ((bytes: Buffer, start: number, end: number) => void) | undefined;
  readonly #messages = new Set<number>();
  #socket: LeanSocket | undefined;

  constructor(
    readonly thread: number,
    private readonly token: string,
    private readonly host: string,
  ) {}

  get messages(): number {
    return this.#messages.size;
  }

  /** In, and caught up; tries until that is so. */
  async enter(port: number): Promise<void> {
    while (!(await this.#tryToEnter(port))) {
      this.refused++;
      await Bun.sleep(RETRY_MS * (1 + Math.random()));
    }
  }

  send(command: object): void {
    this.#socket?.send(command);
  }

  leave(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  async #tryToEnter(port: number): Promise<boolean> {
    const socket = await LeanSocket.open(this.host, port, this.token);
    if (!socket) return false;
    const caughtUp = Promise.withResolvers<boolean>();
    socket.onLost = (code) => {
      if (this.#socket === socket) this.lost.push(code);
      caughtUp.resolve(false);
    };
    const held: Event[] = [];
    let isIn = false;
    socket.onText = (bytes, start, end) => {
      if (isIn && this.onText) return this.onText(bytes, start, end);
      const frame = JSON.parse(bytes.toString('utf8', start, end)) as Event | Reply<'resume'>;
      if (frame.op === 'ev' && !isIn) held.push(frame);
      else if (frame.op === 'ev') this.#take(frame.e, frame.s ?? Number(frame.e[0]?.[0]) - 1);
      else if (frame.op === 'resume') {
        this.#take(frame.changes, this.seq);
        this.seq = Math.max(this.seq, frame.seq);
        if (frame.more) return this.#resume(socket);
        isIn = true;
        for (const event of held) this.#take(event.e, event.s ?? Number(event.e[0]?.[0]) - 1);
        caughtUp.resolve(true);
      }
    };
    // All at once, as the client's own do: it saves two round trips for each of thousands.
    socket.send({ action: 'hello' });
    socket.send({ action: 'join', thread: this.thread });
    this.#resume(socket);
    if (!(await caughtUp.promise)) return false;
    this.#socket = socket;
    return true;
  }

  #resume(socket: LeanSocket): void {
    socket.send({ action: 'resume', ref: 1, thread: this.thread, after: this.seq });
  }

  #take(changes: readonly Change[], since: number): void {
    if (since > this.seq) throw new Error(`a hole: ${since} after ${this.seq}`);
    for (const [seq, id] of changes) {
      this.#messages.add(id);
      this.seq = Math.max(this.seq, seq);
    }
  }
}
