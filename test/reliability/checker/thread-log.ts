import type { Change } from '@pokers/protocol/message';
import { Violation } from './violation.ts';

interface Entry {
  readonly message: number;
  /** The whole change, as JSON. */
  readonly text: string;
  readonly seenBy: string;
}

/** What anyone ever saw at each seq of a thread. There is one order: all must have seen the same at the same place. */
export class ThreadLog {
  readonly thread: number;
  readonly #entries: (Entry | undefined)[] = [];
  #sightings = 0;

  constructor(thread: number) {
    this.thread = thread;
  }

  /** How often someone saw a change. */
  get sightings(): number {
    return this.#sightings;
  }

  /** @throws Violation where someone else saw another change here */
  add(change: Change, seenBy: string): void {
    const [seq, message] = change;
    const text = JSON.stringify(change);
    const earlier = this.#entries[seq];
    this.#sightings++;
    if (!earlier) this.#entries[seq] = { message, text, seenBy };
    else if (earlier.text !== text) {
      throw new Violation(
        `thread ${this.thread} has two changes ${seq}: ${earlier.seenBy} saw ${earlier.text}, ${seenBy} saw ${text}`,
      );
    }
  }

  /** Which message changed at a seq, as far as anyone has seen it. */
  messageAt(seq: number): number | undefined {
    return this.#entries[seq]?.message;
  }
}
