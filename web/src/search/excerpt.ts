/** A piece of a text; `found`: what was looked for. */
export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** Of a long text: so much is shown before the first place, and in all, in UTF-16 units. */
const BEFORE = 60;
const LONGEST = 300;

/**
 * The part of a text around what was found in it, cut into pieces.
 * @param ranges in order, apart from each other: the first UTF-16 unit and the one after the last
 */
export function excerptOf(text: string, ranges: readonly (readonly [number, number])[]): Piece[] {
  const first = ranges[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : whole(text, first - BEFORE);
  const to = text.length - from <= LONGEST ? text.length : whole(text, from + LONGEST);
  const pieces: Piece[] = [];
  const add = (start: number, end: number, found: boolean): void => {
    if (start < end) pieces.push({ text: text.slice(start, end), found });
  };
  let at = from;
  for (const [start, end] of ranges) {
    if (start >= to) break;
    add(at, start, false);
    add(Math.max(at, start), Math.min(end, to), true);
    at = Math.min(end, to);
  }
  add(at, to, false);
  if (from > 0) pieces.unshift({ text: '…', found: false });
  if (to < text.length) pieces.push({ text: '…', found: false });
  return pieces;
}

/** The same place, or the one before where it would cut a character of two units. */
function whole(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text[at] ?? '') ? at - 1 : at;
}
