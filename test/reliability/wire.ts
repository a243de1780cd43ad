import type { Command, Event } from '@pokers/protocol/v2';
import { BunSocket } from '../actors/bun-socket.ts';
import type { Person } from '../actors/people.ts';

export type Frame = Record<string, unknown>;
export type Unreferenced<C = Command> = C extends unknown ? Omit<C, 'ref'> : never;

/** How long getting in may take, in ms. */
const PATIENCE_MS = 10_000;

/** A v2 connection that keeps nothing: answers by their ref, events to whoever wants them. For much load. */
export class Wire {
  onEvent: (event: Event) => void = () => {};
  /** With its close code, however it came. */
  readonly ended: Promise<number>;
  readonly #socket: BunSocket;
  readonly #pending = new Map<number, (answer: Frame | undefined) => void>();
  readonly #opened = Promise.withResolvers<boolean>();
  #refs = 0;
  #isOver = false;

  private constructor(url: string, token: string) {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new BunSocket(url, { headers, protocols: ['pokers.v2'] });
    this.#socket = socket;
    const ended = Promise.withResolvers<number>();
    this.ended = ended.promise;
    socket.onopen = () => this.#opened.resolve(true);
    socket.onerror = () => {};
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = ({ code }) => {
      this.#isOver = true;
      this.#opened.resolve(false);
      ended.resolve(code);
      for (const resolve of this.#pending.values()) resolve(undefined);
      this.#pending.clear();
    };
  }

  /** Connected and greeted as this person; undefined where the server is not there (any longer). */
  static async open(url: string, person: Pick<Person, 'token'>): Promise<Wire | undefined> {
    const wire = new Wire(url, person.token);
    const timer = setTimeout(() => wire.terminate(), PATIENCE_MS);
    const isIn = (await wire.#opened.promise) && (await wire.ask({ action: 'hello' }))?.op === 'hello';
    clearTimeout(timer);
    if (isIn) return wire;
    wire.terminate();
    return undefined;
  }

  /** The reply or the error; undefined where the connection ended before it came. */
  ask(command: Unreferenced | Frame): Promise<Frame | undefined> {
    if (this.#isOver) return Promise.resolve(undefined);
    const ref = ++this.#refs;
    return new Promise((resolve) => {
      this.#pending.set(ref, resolve);
      this.#socket.send(JSON.stringify({ ...command, ref }));
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends without a goodbye. */
  terminate(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as Frame;
    if (frame.op === 'ev') return this.onEvent(frame as Event);
    const ref = frame.ref as number;
    this.#pending.get(ref)?.(frame);
    this.#pending.delete(ref);
  }
}
