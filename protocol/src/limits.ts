/** All limits that a client can run into, in one place. Bytes are bytes on the wire, chars are Unicode code points. */
export const LIMITS = {
  /** Largest inbound WebSocket frame, in bytes; a larger one closes the connection with 1009. */
  frameBytes: 64 * 1024,
  /** Largest HTTP request body, in bytes. */
  bodyBytes: 64 * 1024,
  /** Longest text of a message. At four bytes a character it fits into a frame with room to spare. */
  contentChars: 8_000,
  /** Longest name of a person. */
  userNameChars: 60,
  /** Longest name of a class or thread. */
  titleChars: 100,
  /** Longest description of a class. */
  descriptionChars: 1_000,
  passwordMinChars: 8,
  /** Longer ones would only make the hash slow. */
  passwordMaxChars: 128,
  /** Longest nonce; a UUID has 36. */
  nonceChars: 64,
  /** Threads that one connection may be in; one more is refused with `too_many`. */
  joinsPerConnection: 200,
  /** Commands of one connection that may wait for their turn; one more closes it with `too_many`. */
  waitingCommands: 512,
  /** Messages on a page of history: what a request gets that asks for no number, and at most. */
  historyPageDefault: 50,
  historyPageMax: 200,
  /** Changes on a page of resume. */
  resumePage: 200,
  /** Seconds in which a v2 connection must say hello. */
  helloSeconds: 10,
  /** Outbound bytes that may wait for a slow reader; more closes the connection, and it resumes later. */
  sendBufferBytes: 256 * 1024,
  /** Different emoji on one message; one more is refused with `too_many`. */
  emojiPerMessage: 30,
  /** Longest emoji, in UTF-16 units: families and flags are long. */
  emojiUnits: 32,
  /** People that a reaction names; beyond them it only counts. */
  reactorsNamed: 20,
  /** Pinned messages of one thread; one more is refused with `too_many`. */
  pinsPerThread: 50,
  /** Days for which the nonce of a change (edit, delete, react, pin) is known; that of a post is for good. */
  nonceDays: 30,
  /** Threads in a class and classes of a user that one list answers. */
  listMax: 1_000,
} as const;

/** How many characters (Unicode code points) a text has: what the limits above count. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
