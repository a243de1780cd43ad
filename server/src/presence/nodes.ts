import { z } from 'zod';
import type { Signals } from '../bus/signals.ts';

export interface NodesOptions {
  /** How often each says that it is there, in ms. */
  readonly beatMs: number;
  /** After so many of our own beats that came back without one of its own, a node is gone. */
  readonly lostBeats: number;
}

export const NODES: NodesOptions = { beatMs: 1_000, lostBeats: 4 };

/** Most nodes that are watched. Others are not missed when they end. */
const NODES_MAX = 1_000;

const beat = z.object({ node: z.string().max(64), is: z.enum(['here', 'leaving']) });

/**
 * The serving processes on one bus: each says every second that it is there, so that the others notice when one is
 * killed. Time is counted in our own beats as they come back, so while the bus is away nobody seems to be gone.
 */
export class Nodes {
  readonly id = crypto.randomUUID();
  readonly #signals: Signals;
  readonly #options: NodesOptions;
  readonly #hearers: { onBeat?: () => void; onLost: (node: string) => void }[] = [];
  /** Of each other node, our beat at which it was last heard. */
  readonly #heardAt = new Map<string, number>();
  #beats = 0;
  readonly #timer: Timer;

  constructor(signals: Signals, options: NodesOptions = NODES) {
    this.#signals = signals;
    this.#options = options;
    signals.on('node', beat, ({ node, is }) => this.#hear(node, is));
    this.#timer = setInterval(() => this.#beat(), options.beatMs);
    this.#beat();
  }

  /** How many there are, this one included. */
  get size(): number {
    return this.#heardAt.size + 1;
  }

  /** `onBeat`: the moment to say what is to be said regularly. `onLost`: a node has left, or was killed. */
  watch(hearer: { onBeat?: () => void; onLost: (node: string) => void }): void {
    this.#hearers.push(hearer);
  }

  /** Says goodbye. */
  stop(): void {
    clearInterval(this.#timer);
    this.#signals.send('node', { node: this.id, is: 'leaving' });
  }

  #beat(): void {
    this.#signals.send('node', { node: this.id, is: 'here' });
    for (const { onBeat } of this.#hearers) onBeat?.();
  }

  #hear(node: string, is: 'here' | 'leaving'): void {
    if (node === this.id) return this.#count();
    if (is === 'leaving') return this.#lose(node);
    if (this.#heardAt.has(node) || this.#heardAt.size < NODES_MAX) this.#heardAt.set(node, this.#beats);
  }

  #count(): void {
    this.#beats++;
    for (const [node, at] of this.#heardAt) {
      if (this.#beats - at > this.#options.lostBeats) this.#lose(node);
    }
  }

  #lose(node: string): void {
    if (!this.#heardAt.delete(node)) return;
    for (const { onLost } of this.#hearers) onLost(node);
  }
}
