import type { Message } from '@pokers/protocol/message';
import type { Has } from '@pokers/protocol/search';
import type { Soon } from '../store/statement.ts';
import type { Phrase, Range } from './phrases.ts';

/** What is looked for: messages that have all of it. */
export interface IndexQuery {
  readonly phrases: readonly Phrase[];
  /** Only in these; the caller has seen to it that the reader may. */
  readonly classes: readonly number[];
  readonly thread?: number | undefined;
  /** The id of whoever posted it. */
  readonly from?: number | undefined;
  readonly has?: Has | undefined;
  /** Posted from then on, and before then; Unix seconds. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only older messages than this one; its id. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Hit {
  readonly message: Message;
  readonly className: string;
  readonly threadName: string;
  /** Where the phrases stand. */
  readonly ranges: readonly Range[];
  readonly fileNameRanges: readonly Range[];
}

export interface IndexPage {
  /** Newest first. */
  readonly hits: readonly Hit[];
  /** There may be more: older than this one. A page that took too long ends early, even without a hit. */
  readonly next: number | undefined;
  /** About how many messages are not in the index yet, the newest of them aside: the oldest come last. */
  readonly pending: number;
}

/** How far the index is after some work. */
export interface Progress {
  /** Whether there is more to be done now. */
  readonly more: boolean;
}

/**
 * Full text of all messages, beside the store. What all implementations promise, in one contract suite:
 *
 * - What matches is what `findPhrases` finds in the present text: all of it, and nothing else.
 * - A post never waits for it. `catchUp` takes in what was posted, edited and deleted since; until then a new message is
 *   not found yet, and what was edited or deleted is not found under its former text.
 * - It follows from the store alone: lost or of another store, it is made anew.
 */
export interface SearchIndex {
  /** @throws busy where too many searches wait */
  find(query: IndexQuery): Promise<IndexPage>;
  /** Whether the store has what `catchUp` would take in; asked every second, it costs next to nothing. */
  isBehind(): Soon<boolean>;
  /** One bounded piece of work: the changes since the last one, new messages, then old ones, the newest first. */
  catchUp(): Promise<Progress>;
  /** @returns up to which of the changes that the store noted it has taken in for good, and left there */
  settle(): Promise<number>;
  close(): Promise<void>;
}
