import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Chance } from '../chance.ts';
import { ClientFrames } from './client-frames.ts';

/** What goes wrong, and how often. Probabilities are for each frame up, or each chunk down. */
export interface Faults {
  /** The client's connection breaks, both ways; what it sent may still arrive, late. */
  readonly cut: number;
  /** A command arrives twice. */
  readonly duplicate: number;
  /** A command arrives after the next one, or a moment later where none comes. */
  readonly swap: number;
  /** Something is late by up to `delayMs`. */
  readonly delay: number;
  readonly delayMs: number;
}

export interface FaultCounts {
  connections: number;
  cuts: number;
  /** Commands that came to the server after their client had lost its connection. */
  ghosts: number;
  duplicates: number;
  swaps: number;
  delays: number;
}

/** How long a swapped command waits for another one, in ms. */
const SWAP_MS = 15;

/** How long the server's side of a cut connection lives on, in ms. */
const GHOST_MS = 150;

/** A bad network on the way to a server: a TCP proxy that knows WebSocket frames, and does them harm. */
export class FaultyProxy {
  readonly counts: FaultCounts = { connections: 0, cuts: 0, ghosts: 0, duplicates: 0, swaps: 0, delays: 0 };
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #faults: Faults | undefined;

  private constructor(target: number, chance: Chance, faults: Faults) {
    this.#faults = faults;
    this.#server = createServer((client) => {
      const link = new Link(
        client,
        target,
        chance.fork(this.counts.connections++),
        this.counts,
        () => this.#faults,
      );
      this.#links.add(link);
      client.once('close', () => this.#links.delete(link));
    });
  }

  static async start(target: number, chance: Chance, faults: Faults): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, chance, faults);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('the proxy does not listen');
    return address.port;
  }

  /** From now on everything arrives, once, in order and at once. */
  heal(): void {
    this.#faults = undefined;
  }

  stop(): void {
    this.#server.close();
    for (const link of this.#links) link.end();
  }
}

/** One client's connection. */
class Link {
  readonly #up: Socket;
  readonly #frames = new ClientFrames();
  #held: Buffer | undefined;
  #isCut = false;
  /** What is under way keeps its order, however late it is. */
  #upTurn: Promise<unknown> = Promise.resolve();
  #downTurn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    target: number,
    private readonly chance: Chance,
    private readonly counts: FaultCounts,
    private readonly faults: () => Faults | undefined,
  ) {
    this.#up = connect({ host: '127.0.0.1', port: target });
    for (const socket of [client, this.#up]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
    }
    client.on('data', (chunk) => this.#fromClient(chunk as Buffer));
    client.on('close', () => this.#clientIsGone());
    this.#up.on('data', (chunk) => this.#fromServer(chunk as Buffer));
    this.#up.on('close', () => {
      this.#downTurn = this.#downTurn.then(() => client.end());
    });
  }

  end(): void {
    this.client.destroy();
    this.#up.destroy();
  }

  #fromClient(chunk: Buffer): void {
    for (const { bytes, isText } of this.#frames.take(chunk)) {
      const faults = isText ? this.faults() : undefined;
      if (faults) this.#harm(bytes, faults);
      else this.#pass(bytes);
    }
  }

  #harm(frame: Buffer, faults: Faults): void {
    const { chance, counts } = this;
    if (chance.is(faults.swap) && !this.#held) {
      counts.swaps++;
      this.#held = frame;
      setTimeout(() => this.#release(), SWAP_MS);
      return;
    }
    this.#pass(frame, this.#lateness(faults));
    this.#release();
    if (chance.is(faults.duplicate)) {
      counts.duplicates++;
      this.#pass(frame, this.#lateness(faults));
    }
    if (chance.is(faults.cut)) this.#cut();
  }

  #release(): void {
    const frame = this.#held;
    this.#held = undefined;
    if (frame) this.#pass(frame);
  }

  #pass(bytes: Buffer, late = 0): void {
    this.#upTurn = this.#upTurn.then(async () => {
      if (late > 0) await Bun.sleep(late);
      if (this.#isCut) this.counts.ghosts++;
      this.#up.write(bytes);
    });
  }

  #fromServer(chunk: Buffer): void {
    const faults = this.faults();
    const late = faults ? this.#lateness(faults) : 0;
    const isLast = faults !== undefined && this.chance.is(faults.cut / 4);
    // A cut comes in the middle of a chunk, and so of a frame.
    const arrives = isLast ? chunk.subarray(0, this.chance.between(0, chunk.length)) : chunk;
    this.#downTurn = this.#downTurn.then(async () => {
      if (late > 0) await Bun.sleep(late);
      if (!this.#isCut) this.client.write(arrives);
      if (isLast) this.#cut();
    });
  }

  #lateness({ delay, delayMs }: Faults): number {
    if (!this.chance.is(delay)) return 0;
    this.counts.delays++;
    return this.chance.between(1, delayMs);
  }

  #cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.counts.cuts++;
    this.client.destroy();
  }

  /** The server hears of it later, after what was under way. */
  #clientIsGone(): void {
    const wait = this.#isCut ? this.chance.between(0, GHOST_MS) : 0;
    setTimeout(() => void this.#upTurn.then(() => this.#up.end()), wait);
  }
}
