import { CLOSES, type CloseName } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import type { ServerWebSocket } from 'bun';
import type { Session, SessionKey } from '../accounts/session-reader.ts';
import type { Origin } from '../limits/admission.ts';
import type { Caps } from '../limits/caps.ts';
import type { User } from '../store/store.ts';
import { Egress } from './egress.ts';
import { pack } from './pack.ts';

export type Dialect = 'classic' | 'v2';

/** How events are written for a connection: classic records, v2's whole changes, or v2's lean form. */
export type Form = 'classic' | 'plain' | 'lean';

/** Of a session what a connection needs, since there are many of them. The scopes are shared by all that have the same. */
export interface Speaking extends SessionKey, Pick<Session, 'scopes'> {
  readonly user: User;
}

/** What all connections share that have nothing to do: a promise for each would be 100 bytes for each. */
const SETTLED: Promise<void> = Promise.resolve();

/** What a connection hears of beside its threads. */
export interface Watching {
  /** The classes of which it hears what is posted in threads that it has not joined. Owned by the v2 door. */
  readonly classes?: readonly number[] | undefined;
  /** The class of which it hears who comes and goes. Owned by `Here`. */
  readonly here?: number | undefined;
}

/** Where most begin and some stay. */
const NO_THREADS: readonly number[] = [];

/**
 * One live socket. It is the `data` of Bun's socket, so that one object serves both. There are many, and most are quiet:
 * every field counts (17 or 18 of them take 160 bytes; one more, and it is 224), and so does what they hold.
 */
export class Connection {
  /** Counts what all of them are sent: the process has one link, and no field for it in each. */
  static egress = new Egress(Number.POSITIVE_INFINITY);

  readonly dialect: Dialect;
  readonly origin: Origin;
  /** From where it came, whole, for the audit log: limits count `origin`. */
  readonly address: string;
  /** Who is speaking, by what, and what it may do. Undefined on a v2 connection before hello, and where nobody signed in. */
  session: Speaking | undefined;
  /** Whether a v2 connection has said hello. */
  greeted = false;
  /** Whether a v2 connection asked for the lean form in its first hello. */
  isLean = false;
  /** The threads that it joined, mostly one or two. Owned by the hub, which puts another array here when they change. */
  threads = NO_THREADS;
  /** What it watches; most programs nothing. */
  watching: Watching | undefined;
  /** Where it stands in the `Roster`, which owns this. */
  place = -1;
  /** When the peer was last heard of, and when it was last pinged; in sweeps of `Liveness`, which owns them. */
  heardAt = 0;
  pingedAt = 0;
  /** How long it may be quiet, in steps of `Liveness`. */
  step = 0;
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

  constructor(
    dialect: Dialect,
    origin: Origin,
    session: Session | undefined,
    address: string | undefined = origin.address,
  ) {
    this.dialect = dialect;
    this.origin = origin;
    // Of IPv4 both are the same: one text then serves all that come from there.
    this.address = address === origin.address ? origin.address : address;
    this.signIn(session);
  }

  /** From now on it speaks for the session's user. */
  signIn(session: Session | undefined): void {
    if (!session) this.session = undefined;
    else {
      const { kind, id, user, scopes } = session;
      this.session = { kind, id, scopes, user: { id: user.id, name: user.name } };
    }
  }

  get user(): User | undefined {
    return this.session?.user;
  }

  get form(): Form {
    if (this.dialect === 'classic') return 'classic';
    return this.isLean ? 'lean' : 'plain';
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
    const packed = this.isLean ? pack(frame) : frame;
    const sent =
      (typeof packed === 'string' ? this.#socket?.sendText(packed) : this.#socket?.sendBinary(packed)) ?? 1;
    if (sent <= 0) this.isBehind = true;
    if (this.#socket) Connection.egress.frame(Math.max(sent, packed.length));
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#socket?.unsubscribe(topic);
  }

  ping(): void {
    this.#socket?.ping();
    Connection.egress.frame(0);
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
