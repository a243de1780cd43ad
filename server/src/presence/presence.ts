import { z } from 'zod';
import type { Signals } from '../bus/signals.ts';
import type { Nodes } from './nodes.ts';

/** Who came and left within so many ms is said at once; who did both, not at all. */
const GATHER_MS = 100;

/** The whole list is said at most so often, in ms, however many ask for it. */
const ANSWER_MS = 300;

/** Users of one node that another one knows of. Those beyond count as away there. */
const USERS_MAX = 100_000;

const node = z.string().max(64);
const users = z.array(z.int()).max(USERS_MAX);

/** What a node says of its users: what has changed since the version before, or with `all` everything. */
const said = z.object({ node, version: z.int(), came: users, left: users, all: z.boolean() });
const asked = z.object({ of: node });

/** What is known of another node. */
interface Known {
  version: number;
  readonly users: Set<number>;
}

/**
 * Who is connected now, on any node. Every node says who came to it and who left it; with every beat it says its
 * version, so that who has missed something asks for the whole list. A node that is lost takes its users with it.
 */
export class Presence {
  readonly #signals: Signals;
  readonly #nodes: Nodes;
  readonly #onChange: (user: number, isHere: boolean) => void;
  /** Connections of each user to this node. */
  readonly #ours = new Map<number, number>();
  readonly #others = new Map<string, Known>();
  /** On how many other nodes a user is. */
  readonly #elsewhere = new Map<number, number>();
  /** Users of ours that came or left since the last word to the others, and whether they were here at that word. */
  readonly #unsaid = new Map<number, boolean>();
  #version = 0;
  #saying: Timer | undefined;
  #answering: Timer | undefined;

  /** @param onChange told when a user's first connection comes, wherever it is, and when the last one is gone */
  constructor(signals: Signals, nodes: Nodes, onChange: (user: number, isHere: boolean) => void) {
    this.#signals = signals;
    this.#nodes = nodes;
    this.#onChange = onChange;
    signals.on('presence', said, (words) => this.#hear(words));
    signals.on('presence-ask', asked, ({ of }) => this.#asked(of));
    nodes.watch({ onBeat: () => this.#say(), onLost: (lost) => this.#forget(lost) });
  }

  /** A connection to this node speaks for the user. */
  came(user: number): void {
    const connections = this.#ours.get(user) ?? 0;
    this.#ours.set(user, connections + 1);
    if (connections === 0) this.#changed(user, true);
  }

  /** A connection that spoke for the user is gone. */
  left(user: number): void {
    const connections = this.#ours.get(user) ?? 0;
    if (connections === 0) return;
    if (connections > 1) {
      this.#ours.set(user, connections - 1);
      return;
    }
    this.#ours.delete(user);
    this.#changed(user, false);
  }

  isHere(user: number): boolean {
    return this.#ours.has(user) || this.#elsewhere.has(user);
  }

  /** Users who are here, on all nodes together. */
  get size(): number {
    let size = this.#ours.size;
    for (const user of this.#elsewhere.keys()) if (!this.#ours.has(user)) size++;
    return size;
  }

  stop(): void {
    clearTimeout(this.#saying);
    clearTimeout(this.#answering);
  }

  #changed(user: number, isHere: boolean): void {
    if (!this.#elsewhere.has(user)) this.#onChange(user, isHere);
    if (!this.#unsaid.has(user)) this.#unsaid.set(user, !isHere);
    this.#saying ??= setTimeout(() => this.#say(), GATHER_MS);
  }

  /** Says what has changed; where nothing has, the version alone, by which others see that they have missed nothing. */
  #say(): void {
    clearTimeout(this.#saying);
    this.#saying = undefined;
    const came: number[] = [];
    const left: number[] = [];
    for (const [user, wasHere] of this.#unsaid) {
      const isHere = this.#ours.has(user);
      if (isHere && !wasHere) came.push(user);
      if (!isHere && wasHere) left.push(user);
    }
    this.#unsaid.clear();
    if (came.length + left.length > 0) this.#version++;
    this.#send({ came, left, all: false });
  }

  #send(words: { came: number[]; left: number[]; all: boolean }): void {
    this.#signals.send('presence', { node: this.#nodes.id, version: this.#version, ...words });
  }

  #asked(of: string): void {
    if (of !== this.#nodes.id) return;
    this.#answering ??= setTimeout(() => {
      this.#answering = undefined;
      this.#say();
      this.#send({ came: [...this.#ours.keys()].slice(0, USERS_MAX), left: [], all: true });
    }, ANSWER_MS);
  }

  #hear({ node, version, came, left, all }: z.infer<typeof said>): void {
    if (node === this.#nodes.id) return;
    const known = this.#others.get(node);
    if (all) return this.#replace(node, version, came);
    const isNext = known && version === known.version + (came.length + left.length > 0 ? 1 : 0);
    if (!isNext) return this.#signals.send('presence-ask', { of: node });
    known.version = version;
    for (const user of came) this.#add(known, user);
    for (const user of left) this.#remove(known, user);
  }

  #replace(node: string, version: number, users: readonly number[]): void {
    const known = this.#others.get(node) ?? { version, users: new Set() };
    const present = new Set(users);
    this.#others.set(node, known);
    known.version = version;
    for (const user of known.users) if (!present.has(user)) this.#remove(known, user);
    for (const user of present) this.#add(known, user);
  }

  #add(known: Known, user: number): void {
    if (known.users.has(user) || known.users.size >= USERS_MAX) return;
    known.users.add(user);
    this.#count(user, 1);
  }

  #remove(known: Known, user: number): void {
    if (known.users.delete(user)) this.#count(user, -1);
  }

  #forget(node: string): void {
    const known = this.#others.get(node);
    this.#others.delete(node);
    if (known) for (const user of known.users) this.#count(user, -1);
  }

  /** One more or one less of the other nodes has the user. */
  #count(user: number, by: 1 | -1): void {
    const before = this.#elsewhere.get(user) ?? 0;
    const now = before + by;
    if (now > 0) this.#elsewhere.set(user, now);
    else this.#elsewhere.delete(user);
    if ((before === 0 || now === 0) && !this.#ours.has(user)) this.#onChange(user, now > 0);
  }
}
