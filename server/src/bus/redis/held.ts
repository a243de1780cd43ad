import type { BusEvent } from '../bus.ts';
import type { Batch } from './payload.ts';

/** What is held while there is no connection. */
export const HELD_MAX = { events: 2_000, channels: 10_000 } as const;

/**
 * What could not be published. Of a durable change it is enough to say afterwards that there was one: the store has
 * it. Signals pass. Beyond `HELD_MAX` nothing is held any more, and everyone is to look at everything.
 */
export class Held {
  readonly #changed = new Set<string>();
  #batches: Batch[] = [];
  #events = 0;
  #isLost = false;

  add(batch: Batch): void {
    if (batch.events === 'gap' || batch.events.some(({ kind }) => kind === 'changed')) {
      this.#changed.add(batch.channel);
    }
    const events = batch.events === 'gap' ? [] : batch.events.filter(mustBeSaid);
    if (events.length > 0) this.#batches.push({ ...batch, events });
    this.#events += events.length;
    if (this.#events > HELD_MAX.events || this.#changed.size > HELD_MAX.channels) this.#lose();
  }

  /** Gives away all that is held: what was under way before first, under its old number, for it may have arrived. */
  take(onLost: () => void): Batch[] {
    const gaps = [...this.#changed].map((channel): Batch => ({ channel, heardHere: false, events: 'gap' }));
    const batches = [...this.#batches, ...gaps];
    if (this.#isLost) onLost();
    this.#clear();
    this.#isLost = false;
    return batches;
  }

  #lose(): void {
    this.#clear();
    this.#isLost = true;
  }

  #clear(): void {
    this.#changed.clear();
    this.#batches = [];
    this.#events = 0;
  }
}

function mustBeSaid({ kind }: BusEvent): boolean {
  return kind !== 'changed' && kind !== 'signal';
}
