import { DEFAULTS } from '../defaults.ts';
import { PokersError } from '../errors.ts';
import { compareEntries, type OutboxEntry, type StoredEntry } from './entry.ts';

/** An entry, and how this page stands to it. */
export interface Held {
  readonly entry: StoredEntry;
  readonly kept: boolean;
  /** Made by this page, or adopted by it where nobody leads. */
  readonly own: boolean;
  /** The store did not take it: no other page can send it. */
  readonly stray: boolean;
}

type Mark = StoredEntry & { readonly action: 'read' };

/** Between two entries of the same millisecond. So small that what is made after a restart is later than a burst before it. */
const TICK_MS = 0.001;

/** Ids of entries that are gone are remembered, up to so many: late news of them is no news. */
const REMEMBERED = 1_000;

/** All entries of one user that a page knows of. Asks nobody. */
export class HeldEntries {
  readonly #held = new Map<string, Held>();
  readonly #gone = new Set<string>();
  #lastAt = 0;

  get(id: string): Held | undefined {
    return this.#held.get(id);
  }

  /** Whether it is held, or was and is gone for good. */
  knows(id: string): boolean {
    return this.#held.has(id) || this.#gone.has(id);
  }

  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  put(held: Held): void {
    this.#held.set(held.entry.id, held);
  }

  /** Undefined where the entry is gone already. */
  mark(id: string, state: Partial<Held>): Held | undefined {
    const held = this.#held.get(id);
    if (!held) return undefined;
    const next = { ...held, ...state };
    this.#held.set(id, next);
    return next;
  }

  /** For good. Answers what it was. */
  take(id: string): Held | undefined {
    const held = this.#held.get(id);
    this.#held.delete(id);
    this.#gone.add(id);
    const [oldest] = this.#gone;
    if (this.#gone.size > REMEMBERED && oldest !== undefined) this.#gone.delete(oldest);
    return held;
  }

  /** Another user's come. */
  clear(): void {
    this.#held.clear();
    this.#gone.clear();
  }

  /** In order of making. */
  all(): Held[] {
    return [...this.#held.values()].sort((a, b) => compareEntries(a.entry, b.entry));
  }

  /** The reading marks of a thread. */
  marks(thread: number): Mark[] {
    return this.all().flatMap(({ entry }) =>
      entry.action === 'read' && entry.thread === thread ? [entry] : [],
    );
  }

  /** Whether a thread has as many entries waiting as it may. */
  isFull(thread: number): boolean {
    let waiting = 0;
    for (const { entry } of this.#held.values())
      if (entry.thread === thread && entry.action !== 'read' && !entry.failure) waiting++;
    return waiting >= DEFAULTS.outboxOfThread;
  }

  hasRoom(): boolean {
    return this.#held.size < DEFAULTS.outboxEntries;
  }

  /** What can go to make room: the oldest entry that failed, else a reading mark, which the next one makes up for. */
  dispensable(): StoredEntry | undefined {
    const entries = this.all().map(({ entry }) => entry);
    return entries.find((entry) => entry.failure) ?? entries.find((entry) => entry.action === 'read');
  }

  /** Now, in ms since 1970, and later than all that is held, even where the clock was set back. */
  now(): number {
    for (const { entry } of this.#held.values()) this.#lastAt = Math.max(this.#lastAt, entry.at);
    this.#lastAt = Math.max(this.#lastAt + TICK_MS, Date.now());
    return this.#lastAt;
  }
}

/** Reading marks never are: saying it again at any time changes nothing for the worse. */
export function isTooOld(entry: StoredEntry): boolean {
  return entry.action !== 'read' && Date.now() - entry.at > DEFAULTS.outboxAgeMs;
}

/** What an application sees of it; undefined for a reading mark, which is nothing to show. */
export function toOutboxEntry({ entry, kept }: Held): OutboxEntry | undefined {
  if (entry.action === 'read') return undefined;
  const { failure, ...command } = entry;
  return {
    ...command,
    kept,
    status: failure ? 'failed' : 'pending',
    ...(failure && { failure: new PokersError(failure.code, failure.error, failure.message) }),
  };
}
