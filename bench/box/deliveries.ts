import { Latencies } from '../load/latencies.ts';

/** Which member got which of the posts `first` to `first + count - 1`, and how soon. One process posts and hears. */
export class Deliveries {
  readonly latencies = new Latencies();
  /** When the last one came, in ms of the process's clock. */
  lastAt = 0;
  readonly #first: number;
  readonly #count: number;
  readonly #members: number;
  readonly #sentAt: Float64Array;
  /** A byte for each member and post. */
  readonly #got: Uint8Array;
  #delivered = 0;
  #doubled = 0;

  constructor(first: number, count: number, members: number) {
    this.#first = first;
    this.#count = count;
    this.#members = members;
    this.#sentAt = new Float64Array(count);
    this.#got = new Uint8Array(count * members);
  }

  /** Deliveries that are due and have not come. */
  get missing(): number {
    return this.#got.length - this.#delivered;
  }

  /** Deliveries that came once more. */
  get doubled(): number {
    return this.#doubled;
  }

  sent(post: number): void {
    this.#sentAt[post - this.#first] = performance.now();
  }

  /** What is not one of these posts is passed over. */
  got(member: number, post: number): void {
    const index = post - this.#first;
    if (index < 0 || index >= this.#count || member >= this.#members) return;
    const cell = member * this.#count + index;
    if (this.#got[cell] === 1) {
      this.#doubled++;
      return;
    }
    this.#got[cell] = 1;
    this.#delivered++;
    this.lastAt = performance.now();
    this.latencies.add((this.lastAt - (this.#sentAt[index] ?? 0)) * 1000);
  }
}
