/** What the test tells a process full of clients; each order is answered by a report. */
export type Order =
  /** All connect, join their thread and resume from what they have; again and again until each is in. */
  | {
      readonly kind: 'enter';
      readonly port: number;
      readonly clients: number;
      readonly tokens: readonly string[];
      readonly threads: readonly number[];
    }
  /** The same clients come back, wherever the server is now. */
  | { readonly kind: 'return'; readonly port: number }
  /** Connect, say hello, join and break off, so many times, so many at once. */
  | {
      readonly kind: 'churn';
      readonly port: number;
      readonly connects: number;
      readonly atOnce: number;
      readonly tokens: readonly string[];
      readonly threads: readonly number[];
    }
  /** Someone posts for a while, at a steady rate, and everyone's latencies are measured. */
  | { readonly kind: 'talk'; readonly posts: number; readonly perSecond: number }
  | { readonly kind: 'report' };

export interface Report {
  /** For each client, in order: the last seq that it has, and how many different messages. */
  readonly views: readonly (readonly [thread: number, seq: number, messages: number])[];
  /** Attempts to get in that failed. */
  readonly refused: number;
  /** Close codes of connections that ended without being asked to. */
  readonly lost: readonly number[];
  readonly seconds: number;
  /** Deliveries of posts during the last talk. */
  readonly deliveries: number;
  /** A histogram for `Latencies`. */
  readonly latencies: readonly number[];
}
