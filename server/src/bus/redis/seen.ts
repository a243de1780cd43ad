/** Lines that are remembered: as many processes as may publish, and those that have ended lately. */
const LINES_MAX = 5_000;

/** The last batch that came from each line, so that one that was sent twice is heard once. */
export class Seen {
  readonly #last = new Map<string, number>();

  /** Whether the batch comes for the first time; from now on it does not. */
  isNew(line: string, number: number): boolean {
    const last = this.#last.get(line);
    if (last !== undefined && number <= last) return false;
    if (last === undefined && this.#last.size >= LINES_MAX) this.#forgetOldest();
    this.#last.set(line, number);
    return true;
  }

  #forgetOldest(): void {
    const [oldest] = this.#last.keys();
    if (oldest !== undefined) this.#last.delete(oldest);
  }
}
