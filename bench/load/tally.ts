/** What went wrong with deliveries; all zero where every member got every post once, in the same order. */
export interface Faults {
  readonly missing: number;
  readonly doubled: number;
  /** Posts that nobody made, or that an earlier phase or another thread should have got. */
  readonly strange: number;
  /** Deliveries in another order than the first member to get so far had. */
  readonly disordered: number;
}

/**
 * Which of a thread's members got which of its posts, that are numbered from 0 on. Where all get them in the same order,
 * as it should be, a delivery costs next to nothing: each member follows the order of the foremost.
 */
export class Tally {
  readonly #members: number;
  readonly #postsMax: number;
  /** The order in which the foremost member got the posts; and where in it each post is, -1 where it is not yet. */
  readonly #order: Int32Array;
  readonly #places: Int32Array;
  /** How far each member is in that order, and what a member got before its turn. */
  readonly #progress: Int32Array;
  readonly #early = new Map<number, Set<number>>();
  /** How many members have each post. */
  readonly #receivers: Int32Array;
  #foremost = 0;
  #delivered = 0;
  #doubled = 0;
  #strange = 0;
  #disordered = 0;

  constructor(postsMax: number, members: number) {
    this.#members = members;
    this.#postsMax = postsMax;
    this.#order = new Int32Array(postsMax);
    this.#places = new Int32Array(postsMax).fill(-1);
    this.#progress = new Int32Array(members);
    this.#receivers = new Int32Array(postsMax);
  }

  /** Deliveries that were due and had not come before. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Deliveries of so many posts, each once to each member. */
  due(posts: number): number {
    return posts * this.#members;
  }

  /** Where so many posts were made. */
  faults(posts: number): Faults {
    return {
      missing: this.due(posts) - this.#delivered,
      doubled: this.#doubled,
      strange: this.#strange,
      disordered: this.#disordered,
    };
  }

  /** Whether every member has this post. */
  hasAll(post: number): boolean {
    return this.#receivers[post] === this.#members;
  }

  /** Whether this delivery was due. */
  add(member: number, post: number): boolean {
    if (!(post >= 0 && post < this.#postsMax && Number.isInteger(post))) {
      this.#strange++;
      return false;
    }
    const place = this.#progress[member] ?? 0;
    const found = this.#places[post] ?? -1;
    if (found !== place) {
      if ((found >= 0 && found < place) || this.#early.get(member)?.has(post)) {
        this.#doubled++;
        return false;
      }
      if (place < this.#foremost) return this.#addEarly(member, post);
    }
    this.#follow(member, post, place);
    return this.#counted(post);
  }

  #addEarly(member: number, post: number): true {
    this.#disordered++;
    const early = this.#early.get(member);
    if (early) early.add(post);
    else this.#early.set(member, new Set([post]));
    return this.#counted(post);
  }

  #follow(member: number, post: number, place: number): void {
    if (place === this.#foremost) {
      this.#order[place] = post;
      this.#places[post] = place;
      this.#foremost++;
    }
    let next = place + 1;
    const early = this.#early.get(member);
    while (early && next < this.#foremost && early.delete(this.#order[next] ?? -1)) next++;
    this.#progress[member] = next;
  }

  #counted(post: number): true {
    this.#delivered++;
    this.#receivers[post] = (this.#receivers[post] ?? 0) + 1;
    return true;
  }
}
