import { CLOSES, type CloseName } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import type { ServerWebSocket } from 'bun';
import type { User } from '../store/store.ts';

export type Dialect = 'classic' | 'v2';

/** One live socket. It is the `data` of Bun's socket, so that one object serves both. */
export class Connection {
  readonly dialect: Dialect;
  /** Who is speaking: the session's user. Undefined on a v2 connection before hello, and where nobody signed in. */
  user: User | undefined;
  /** Whether a v2 connection has said hello. */
  greeted = false;
  readonly openedAt = Date.now();
  /** The threads that it joined. Owned by the hub. */
  readonly threads = new Set<number>();
  #socket: ServerWebSocket<Connection> | undefined;
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(dialect: Dialect, user: User | undefined) {
    this.dialect = dialect;
    this.user = user;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  opened(socket: ServerWebSocket<Connection>): void {
    this.#socket = socket;
  }

  closed(): void {
    this.#socket = undefined;
  }

  /** Frames to a connection that has closed meanwhile go nowhere, as they would have on the wire. */
  send(frame: string): void {
    this.#socket?.sendText(frame);
  }

  subscribe(topic: string): void {
    this.#socket?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#socket?.unsubscribe(topic);
  }

  close(why: CloseName): void {
    this.#socket?.close(CLOSES[why].code, CLOSES[why].reason);
  }

  /**
   * Runs a connection's commands one after the other, in the order in which they came, so that replies keep it too.
   * When too many wait the connection is closed: a client that does not wait for answers can come back and resume.
   * `task` must not reject.
   */
  inTurn(task: () => Promise<void>): void {
    if (this.#waiting >= LIMITS.waitingCommands) return this.close('too_many');
    this.#waiting++;
    this.#turn = this.#turn.then(task).then(() => {
      this.#waiting--;
    });
  }
}
