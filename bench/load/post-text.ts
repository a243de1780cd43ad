/**
 * The text of a post: `~`, its number and the moment it was sent, filled up to the length of an ordinary short message.
 * Members find it in whatever frame a peer puts it into; no peer may use `~` for anything else.
 */

/** Bytes of every text. */
export const TEXT_BYTES = 40;

const MARK = 0x7e;
const NUMBER_DIGITS = 6;

/** Most posts in the life of one server: their numbers have no more digits. */
export const POSTS_MAX = 10 ** NUMBER_DIGITS;

/** Of µs since 1970. */
const TIME_DIGITS = 16;
const MARKED_BYTES = 1 + NUMBER_DIGITS + TIME_DIGITS;
const FILLING = ' who brings the maps?'.slice(0, TEXT_BYTES - MARKED_BYTES);

/** The machine's clock in µs, the same in all its processes and never going back within one. */
export function nowUs(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}

export function textOf(number: number, sentAtUs: number): string {
  return `~${String(number).padStart(NUMBER_DIGITS, '0')}${String(sentAtUs).padStart(TIME_DIGITS, '0')}${FILLING}`;
}

/** Calls `found` for every text between `start` and `end`: a frame may carry several. Returns how many. */
export function findTexts(
  bytes: Buffer,
  start: number,
  end: number,
  found: (number: number, sentAtUs: number) => void,
): number {
  let count = 0;
  let at = bytes.indexOf(MARK, start);
  while (at >= 0 && at + MARKED_BYTES <= end) {
    const time = at + 1 + NUMBER_DIGITS;
    found(digits(bytes, at + 1, time), digits(bytes, time, time + TIME_DIGITS));
    count++;
    at = bytes.indexOf(MARK, at + MARKED_BYTES);
  }
  return count;
}

function digits(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (bytes[at] ?? 0) - 48;
  return value;
}
