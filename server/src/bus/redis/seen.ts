/** Lines that are remembered: as many processes as may publish, and those that have ended lately. */
const LINES_MAX = 1_000;

/** Batches of a line that are remembered. One that is older was sent again very late, and counts as seen. */
const BATCHES_MAX = 1_000;

/** The last batches that came from each line, so that one that was sent twice is heard once. */
export class Seen {
  readonly #lines = new Map<string, Set<number>>();

  /** Whether the batch comes for the first time; from now on it does not. */
  isNew(line: string, number: number): boolean {
    const seen = this.#seenOf(line);
    const [oldest = 0] = seen;
    const isFull = seen.size >= BATCHES_MAX;
    if (seen.has(number) || (isFull && number < oldest)) return false;
    seen.add(number);
    if (isFull) seen.delete(oldest);
    return true;
  }

  #seenOf(line: string): Set<number> {
    const seen = this.#lines.get(line) ?? new Set();
    if (seen.size > 0) return seen;
    const [oldest] = this.#lines.keys();
    if (oldest !== undefined && this.#lines.size >= LINES_MAX) this.#lines.delete(oldest);
    this.#lines.set(line, seen);
    return seen;
  }
}
