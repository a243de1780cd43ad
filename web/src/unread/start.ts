import { type Counted, countUnread } from './counting.ts';
import { markWindow } from './window-mark.ts';

let started = false;

/** Counts what is unread, and marks the window with it, from the first sign-in of the page on. */
export function keepCount(counted: Counted, me: number): void {
  if (started) return;
  started = true;
  countUnread(counted, me);
  markWindow(document);
}
