import type { Connection } from './connection.ts';

/**
 * When a connection counts as dead. A ping comes soon enough for proxies that cut what is quiet for a minute (nginx),
 * and rarely enough for phones.
 */
export const LIVENESS = {
  /** Seconds without a word from the peer after which it is pinged. */
  quietSeconds: 55,
  /** Up to so many seconds sooner, another for each connection, so that those who came together are not pinged together. */
  jitterSeconds: 10,
  /** Seconds after the ping without a word after which the connection is cut. */
  graceSeconds: 30,
} as const;

type Times = Readonly<Record<keyof typeof LIVENESS, number>>;

/**
 * Finds out who is gone without a goodbye. What the peer sends counts, not what is sent to it: in a busy thread too
 * the mute are found. Pings are the WebSocket's own, which browsers answer by themselves, old clients included.
 *
 * Time is counted in sweeps, one a second, so that a server that stood still (a suspended machine) takes nobody for
 * dead whose answer waits to be read. No connection has a timer of its own.
 */
export class Liveness {
  readonly #times: Times;
  #now = 0;
  #reaped = 0;

  constructor(times: Times) {
    this.#times = times;
  }

  /** Sweeps so far: what `Connection.heardAt` counts in. */
  get now(): number {
    return this.#now;
  }

  /** Connections cut so far. */
  get reaped(): number {
    return this.#reaped;
  }

  /** To be called every second, before the connections are looked at. */
  tick(): void {
    this.#now++;
  }

  /** Pings a quiet connection, and cuts one that does not answer. */
  look(connection: Connection): void {
    const { quietSeconds, jitterSeconds, graceSeconds } = this.#times;
    if (this.#now - connection.heardAt < quietSeconds - connection.jitter * jitterSeconds) return;
    if (connection.pingedAt <= connection.heardAt) {
      connection.pingedAt = this.#now;
      connection.ping();
    } else if (this.#now - connection.pingedAt >= graceSeconds) {
      this.#reaped++;
      connection.cut();
    }
  }
}
