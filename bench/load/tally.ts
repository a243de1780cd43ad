/** What went wrong with deliveries; all zero where every member got every post once, in the same order. */
export interface Faults {
  readonly missing: number;
  readonly doubled: number;
  /** Posts that nobody made, or that an earlier phase should have delivered. */
  readonly strange: number;
  /** Deliveries in another order than the first member to get so far had. */
  readonly disordered: number;
}

/** Which member got which of the posts `first` to `first + count - 1`. */
export class Tally {
  readonly #first: number;
  readonly #count: number;
  /** A byte for each member and post. */
  readonly #got: Uint8Array;
  /** The order in which the foremost member got the posts, and how far each member is. */
  readonly #order: Int32Array;
  readonly #progress: Int32Array;
  #foremost = 0;
  #delivered = 0;
  #doubled = 0;
  #strange = 0;
  #disordered = 0;

  constructor(first: number, count: number, members: number) {
    this.#first = first;
    this.#count = count;
    this.#got = new Uint8Array(count * members);
    this.#order = new Int32Array(count);
    this.#progress = new Int32Array(members);
  }

  /** Deliveries that were due and had not come before. */
  get delivered(): number {
    return this.#delivered;
  }

  get isComplete(): boolean {
    return this.#delivered === this.#got.length;
  }

  get faults(): Faults {
    return {
      missing: this.#got.length - this.#delivered,
      doubled: this.#doubled,
      strange: this.#strange,
      disordered: this.#disordered,
    };
  }

  /** Whether this delivery was due. */
  add(member: number, post: number): boolean {
    const index = post - this.#first;
    if (!(index >= 0 && index < this.#count)) {
      this.#strange++;
      return false;
    }
    const cell = member * this.#count + index;
    if (this.#got[cell] === 1) {
      this.#doubled++;
      return false;
    }
    this.#got[cell] = 1;
    this.#delivered++;
    this.#follow(member, index);
    return true;
  }

  #follow(member: number, index: number): void {
    const place = this.#progress[member] ?? 0;
    this.#progress[member] = place + 1;
    if (place === this.#foremost) {
      this.#order[place] = index;
      this.#foremost++;
    } else if (this.#order[place] !== index) {
      this.#disordered++;
    }
  }
}
