import type { Message } from '@pokers/protocol/message';

export const RECENT = {
  /** Changes that are held of one thread: who comes back after a moment has missed fewer. */
  changes: 50,
  /** Characters of text among them; a thread of long texts holds fewer changes. */
  chars: 20_000,
  /** Messages that all threads of a process hold together, some 10 MB. Beyond, threads that come later hold none. */
  total: 20_000,
} as const;

/** How many messages all threads of a process hold. */
export class Held {
  count = 0;
}

/** The last changes of a thread that has listeners: who reconnects gets them from memory. */
export class Recent {
  readonly #held: Held;
  readonly #changes: Message[] = [];
  #chars = 0;
  /** Everything that changed after this is held. */
  #since: number;

  constructor(since: number, held: Held) {
    this.#since = since;
    this.#held = held;
  }

  /** The next change of the thread. */
  add(change: Message): void {
    this.#changes.push(change);
    this.#chars += change.content?.length ?? 0;
    this.#held.count++;
    while (this.#isFull()) this.#forgetOldest();
  }

  /** Every message that changed after `seq`, in order of its last change; undefined where not all of that is held. */
  after(seq: number): Message[] | undefined {
    if (seq < this.#since) return undefined;
    return latestOfEach(this.#changes.filter((change) => change.seq > seq));
  }

  /** The thread is let go. */
  clear(): void {
    while (this.#changes.length > 0) this.#forgetOldest();
  }

  #isFull(): boolean {
    const { length } = this.#changes;
    return (
      length > 0 && (length > RECENT.changes || this.#chars > RECENT.chars || this.#held.count > RECENT.total)
    );
  }

  #forgetOldest(): void {
    const oldest = this.#changes.shift();
    if (!oldest) return;
    this.#since = oldest.seq;
    this.#chars -= oldest.content?.length ?? 0;
    this.#held.count--;
  }
}

/** Each message once, as its last change left it: what came in between is of no use to anyone any more. */
export function latestOfEach(changes: readonly Message[]): Message[] {
  const last = new Map(changes.map((change) => [change.id, change]));
  return last.size === changes.length
    ? [...changes]
    : changes.filter((change) => last.get(change.id) === change);
}
