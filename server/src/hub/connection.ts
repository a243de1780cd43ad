import { CLOSES, type CloseName } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import type { ServerWebSocket } from 'bun';
import type { Session } from '../accounts/session-reader.ts';
import type { Origin } from '../limits/admission.ts';
import type { Caps } from '../limits/caps.ts';
import type { User } from '../store/store.ts';

export type Dialect = 'classic' | 'v2';

/** What all connections share that have nothing to do: a promise for each would be 100 bytes for each. */
const SETTLED: Promise<void> = Promise.resolve();

/** One live socket. It is the `data` of Bun's socket, so that one object serves both. */
export class Connection {
  readonly dialect: Dialect;
  readonly origin: Origin;
  /** Undefined on a v2 connection before hello, and where nobody signed in. */
  session: Session | undefined;
  /** Whether a v2 connection has said hello. */
  greeted = false;
  readonly openedAt = Date.now();
  /** The threads that it joined. Owned by the hub. */
  readonly threads = new Set<number>();
  /** When the peer was last heard of, and when it was last pinged; in sweeps of `Liveness`, which owns them. */
  heardAt = 0;
  pingedAt = 0;
  /** 0 to 1: where this connection stands among others that came at the same moment. */
  readonly jitter = Math.random();
  /** Whether the peer had left something unread, as far as we know. */
  isBehind = false;
  #socket: ServerWebSocket<Connection> | undefined;
  #waiting = 0;
  #turn = SETTLED;
  /** Frames that it may send yet, as of the sweep `#framesAt`. */
  #frames = 0;
  #framesAt = Number.NEGATIVE_INFINITY;

  constructor(dialect: Dialect, origin: Origin, session: Session | undefined) {
    this.dialect = dialect;
    this.origin = origin;
    this.session = session;
  }

  /** Who is speaking: the session's user. */
  get user(): User | undefined {
    return this.session?.user;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Whether commands wait for their turn or are being answered. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when all commands that have come so far are answered. */
  get settled(): Promise<void> {
    return this.#turn;
  }

  /** Bytes that wait for the peer to read, beyond what the system holds. */
  get unreadBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  opened(socket: ServerWebSocket<Connection>): void {
    this.#socket = socket;
  }

  closed(): void {
    this.#socket = undefined;
  }

  /** Frames to a connection that has closed meanwhile go nowhere, as they would have on the wire. */
  send(frame: string): void {
    const sent = this.#socket?.sendText(frame) ?? 1;
    if (sent <= 0) this.isBehind = true;
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#socket?.unsubscribe(topic);
  }

  ping(): void {
    this.#socket?.ping();
  }

  /** The peer has some seconds to read what was sent before; then Bun cuts the line. */
  close(why: CloseName, reason: string = CLOSES[why].reason): void {
    this.#socket?.close(CLOSES[why].code, reason);
  }

  /** Ends without a goodbye: for a peer that would not hear it. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Counts one more frame of the peer; false when they come too fast. @param now in sweeps, one a second */
  takeFrame(now: number, { framesBurst, framesPerSecond }: Caps): boolean {
    if (now !== this.#framesAt) {
      this.#frames = Math.min(framesBurst, this.#frames + (now - this.#framesAt) * framesPerSecond);
      this.#framesAt = now;
    }
    return --this.#frames >= 0;
  }

  /**
   * Runs a connection's commands one after the other, in the order in which they came, so that replies keep it too;
   * false when too many wait already. `task` must not reject.
   */
  inTurn(task: () => Promise<void>): boolean {
    if (this.#waiting >= LIMITS.waitingCommands) return false;
    this.#waiting++;
    this.#turn = this.#turn.then(task).then(() => {
      if (--this.#waiting === 0) this.#turn = SETTLED;
    });
    return true;
  }
}
