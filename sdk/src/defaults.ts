import { LIMITS } from '@pokers/protocol/limits';

/** Every bound and delay of the client in one place. Times are milliseconds. */
export const DEFAULTS = {
  /** A wait before a reconnect is anything from 0 to a ceiling that doubles from min to max: full jitter. */
  backoff: { minMs: 500, maxMs: 30_000 },
  /** A connection that stayed up this long was a good one: the next wait starts small again. */
  steadyMs: 10_000,
  /** From dialling to the answered hello; longer means that nobody is there. */
  greetingMs: 15_000,
  /** So long without any frame from the server, and the client asks whether it is still there; at first, and …  */
  quietMs: 25_000,
  /** … at most: before the server would (LIVENESS there), and before what cuts lines that are quiet for four minutes. */
  quietMaxMs: 180_000,
  /** So long without any frame after a command, and it asks as well … */
  answerMs: 15_000,
  /** … and after this much more of silence the line counts as broken. */
  pongMs: 10_000,
  /** An HTTP request that takes longer fails with `network`. */
  httpMs: 30_000,
  /** Commands on the wire without an answer; the next ones wait here. Never more than half of what the server lets wait. */
  unanswered: Math.min(64, LIMITS.waitingCommands / 2),
  /** Commands that wait for their turn; one more is refused with `too_many`. */
  waitingCommands: 2_000,
  /** Entries of one thread that wait in the outbox; one more is refused with `too_many`. */
  outboxOfThread: 100,
  /** Entries in the outbox, failed ones included. For one more, the oldest failed one goes; if none failed: `too_many`. */
  outboxEntries: 1_000,
  /** An entry that waited longer fails with `too_old`: the server knows the nonces of changes for 30 days only. */
  outboxAgeMs: 14 * 24 * 60 * 60 * 1_000,
  /** An entry that the server refuses so often for what may pass (`internal`) is the cause itself, and fails. */
  faultsOfEntry: 8,
  /** So long a page waits for the page that has the lead to send what it wrote; then it takes the lead. */
  leaderMs: 10_000,
  /** A browser's storage that does not open for so long counts as broken. */
  storageMs: 5_000,
  /** Live changes of a thread that are held while it catches up; when there are more, all are asked for again. */
  heldChanges: 1_000,
  /** A channel that is further behind than this many changes loads the newest page instead of them all. */
  farBehind: 2_000,
  /** Messages that a channel keeps; when live ones make it more, it lets the oldest half go. */
  timelineMessages: 20_000,
} as const;
