import type { WordsExtra } from './attachment.ts';

/** What the text box knows of the files that wait beside it. */
export interface Attached {
  /** Whether all of them can be sent; undefined where there are none. */
  readonly ready: boolean | undefined;
  /** Sends them. @returns whether these words, and what goes with them, are sent along */
  readonly send: (words: string, extra: WordsExtra) => boolean;
}
