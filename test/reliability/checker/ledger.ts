import type { Command } from '@pokers/protocol/v2';

/** The commands that leave something behind, each with a nonce. */
export type Durable = Extract<Command, { nonce: string }>;

export interface Entry {
  readonly thread: number;
  readonly by: number;
  readonly command: Durable;
  /** When it was first sent, by `performance.now()`. */
  readonly sentAt: number;
  /** 0 where only the client knows how often it sends. */
  attempts: number;
  outcome: Outcome | undefined;
}

/** What the server said in the end, and when. `effects` is how many changes the command must have made. */
export type Outcome =
  | {
      readonly ok: true;
      readonly id: number;
      readonly seq: number;
      readonly at: number;
      readonly effects: 0 | 1;
    }
  | { readonly ok: false; readonly error: string };

/** Every durable command that anyone sent, and what was answered. */
export class Ledger {
  readonly entries: Entry[] = [];

  /** To be called before the command leaves for the first time. */
  sent(thread: number, by: number, command: Durable): Entry {
    const sentAt = performance.now();
    const entry: Entry = { thread, by, command, sentAt, attempts: 1, outcome: undefined };
    this.entries.push(entry);
    return entry;
  }
}

export function say({ by, command, attempts, outcome }: Entry): string {
  return `${JSON.stringify(command)} by ${by}, sent ${attempts} times, answered ${JSON.stringify(outcome)}`;
}
