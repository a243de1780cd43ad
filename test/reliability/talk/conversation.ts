import type { Expected } from '../checker/expected.ts';
import type { Ledger } from '../checker/ledger.ts';

/** Messages of everyone that can be reacted to. */
const REMEMBERED = 200;

export interface Known {
  readonly id: number;
  readonly thread: number;
}

/** What all who speak have in common. */
export class Conversation {
  readonly recent: Known[] = [];
  /** How often another device undid a command that had taken effect, before it was sent again. */
  undone = 0;

  constructor(
    readonly threads: readonly number[],
    readonly ledger: Ledger,
    readonly expected: Expected,
  ) {}

  remember(message: Known): void {
    this.recent.push(message);
    if (this.recent.length > REMEMBERED) this.recent.shift();
  }
}
