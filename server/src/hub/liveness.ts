import type { Origin } from '../limits/admission.ts';
import type { Connection } from './connection.ts';
import { Path } from './path.ts';

/**
 * When a connection counts as dead. The first pings come soon enough for proxies that cut what is quiet for a minute
 * (nginx by default, AWS's load balancer). Then they become rare, for the sake of phones and thin links: up to just
 * below four minutes, where Azure's load balancer cuts, and the shortest time-outs that were reported of mobile networks
 * (4.5 minutes). Classic connections stay with the first.
 */
export const LIVENESS = {
  /** Seconds without a word from the peer after which it is pinged at first; doubled with each quiet that a line holds … */
  quietSeconds: 55,
  /** … up to this. */
  quietMaxSeconds: 220,
  /** Up to so many seconds sooner, another for each connection, so that those who came together are not pinged together. */
  jitterSeconds: 25,
  /** Seconds after the ping without a word after which the connection is cut. */
  graceSeconds: 30,
} as const;

type Times = Readonly<Record<keyof typeof LIVENESS, number>>;

/** The part of a step's time that a line must be quiet to show that it can be: its jitter may have ended it sooner. */
const SHOWN = 0.8;

/** Addresses that are remembered for what they cut, while nobody is there from them: 200 bytes for each. */
const REMEMBERED = 2_000;

/**
 * Finds out who is gone without a goodbye. What the peer sends counts, not what is sent to it: in a busy thread too
 * the mute are found. Pings are the WebSocket's own, which browsers answer by themselves, old clients included.
 *
 * A line that was quiet and is heard of again may be quiet for twice as long: a step, which it takes if other lines from
 * its address were not lost in it (`Path`). Quiet is where nothing went either way.
 *
 * Time is counted in sweeps, one a second, so that a server that stood still (a suspended machine) takes nobody for
 * dead whose answer waits to be read. No connection has a timer of its own.
 */
export class Liveness {
  readonly #times: Times;
  readonly #sentAt: (connection: Connection) => number;
  readonly #lastStep: number;
  /** Paths on which lines were lost, by address, the latest last. */
  readonly #remembered = new Map<string, Path>();
  #now = 0;
  #pings = 0;
  #reaped = 0;

  /** @param sentAt when something was last sent to a connection unasked, in ms of the process's clock */
  constructor(times: Times, sentAt: (connection: Connection) => number) {
    this.#times = times;
    this.#sentAt = sentAt;
    this.#lastStep = Math.max(
      0,
      Math.ceil(Math.log2(times.quietMaxSeconds / Math.max(1, times.quietSeconds))),
    );
  }

  /** Sweeps so far: what `Connection.heardAt` counts in. */
  get now(): number {
    return this.#now;
  }

  /** Pings sent so far. */
  get pings(): number {
    return this.#pings;
  }

  /** Connections cut so far. */
  get reaped(): number {
    return this.#reaped;
  }

  /** To be called every second, before the connections are looked at. */
  tick(): void {
    this.#now++;
  }

  opened(connection: Connection): void {
    connection.heardAt = this.#now;
    connection.origin.path ??= this.#remembered.get(connection.origin.address);
  }

  /** Something came from the peer, if only a pong. */
  heard(connection: Connection): void {
    const quiet = this.#now - connection.heardAt;
    if (quiet > this.#times.quietSeconds / 2) this.#held(connection, this.#quietOf(connection, quiet));
    connection.heardAt = this.#now;
  }

  /** The line was cut, by us or by others, without a goodbye. */
  lineCut(connection: Connection): void {
    const { heardAt, pingedAt, origin } = connection;
    const unheard = (pingedAt > heardAt ? pingedAt : this.#now) - heardAt;
    if (connection.dialect === 'classic' || unheard <= this.#times.quietSeconds) return;
    const quiet = this.#quietOf(connection, unheard);
    if (quiet <= this.#times.quietSeconds) return;
    let step = 1;
    while (step < this.#lastStep && this.#secondsOf(step) < quiet) step++;
    const path = this.#pathOf(origin);
    path.lost(step, this.#now);
    this.#remember(origin.address, path);
  }

  /** Pings a quiet connection, and cuts one that does not answer. */
  look(connection: Connection): void {
    const { jitterSeconds, graceSeconds } = this.#times;
    const { path } = connection.origin;
    if (path && connection.step > path.ceiling) connection.step = path.ceiling;
    const quietSeconds = this.#secondsOf(connection.step) - connection.jitter * jitterSeconds;
    // A part of a second counts as a chance, else all whose times round to the same second would stay together.
    if (this.#now - connection.heardAt < quietSeconds - Math.random()) return;
    if (connection.pingedAt <= connection.heardAt) {
      connection.pingedAt = this.#now;
      this.#pings++;
      connection.ping();
    } else if (this.#now - connection.pingedAt >= graceSeconds) {
      this.#reaped++;
      connection.cut();
    }
  }

  /** Whoever is heard of after more than half of a step's time may take the next. */
  #held(connection: Connection, quiet: number): void {
    if (connection.dialect === 'classic' || quiet <= this.#times.quietSeconds / 2) return;
    const path = this.#pathOf(connection.origin);
    for (let step = 1; step <= this.#lastStep && quiet >= this.#secondsOf(step) * SHOWN; step++)
      path.held(step);
    const next = connection.step + 1;
    if (next > this.#lastStep || quiet <= this.#secondsOf(connection.step) / 2) return;
    if (path.mayTry(next, this.#now)) connection.step = next;
  }

  /** How much of a time without a word from the peer was without a word to it, too. In seconds. */
  #quietOf(connection: Connection, unheard: number): number {
    return Math.min(unheard, (performance.now() - this.#sentAt(connection)) / 1000);
  }

  #secondsOf(step: number): number {
    const { quietSeconds, quietMaxSeconds } = this.#times;
    return step === 0 ? quietSeconds : Math.min(quietMaxSeconds, quietSeconds * 2 ** step);
  }

  #pathOf(origin: Origin): Path {
    origin.path ??= new Path(this.#lastStep);
    return origin.path;
  }

  #remember(address: string, path: Path): void {
    this.#remembered.delete(address);
    this.#remembered.set(address, path);
    if (this.#remembered.size <= REMEMBERED) return;
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}
