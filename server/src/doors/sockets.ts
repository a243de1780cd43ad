import { comeBackReason } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import { SUBPROTOCOL } from '@pokers/protocol/v2';
import type { Server, WebSocketHandler } from 'bun';
import type { Accounts } from '../accounts/accounts.ts';
import type { ClassicMode } from '../config.ts';
import { PokersError } from '../errors.ts';
import { Connection, type Dialect } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import { Liveness } from '../hub/liveness.ts';
import { Roster } from '../hub/roster.ts';
import { countedAddress } from '../limits/address.ts';
import type { Origin } from '../limits/admission.ts';
import type { Guards } from '../limits/guards.ts';
import type { Presence } from '../presence/presence.ts';
import { type Soon, soon } from '../store/statement.ts';
import type { Door } from './door.ts';
import { isForeign } from './origin.ts';
import type { Sender, Senders } from './sender.ts';

export interface SocketsParts {
  readonly doors: Record<Dialect, Door>;
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly guards: Guards;
  readonly classic: ClassicMode;
  readonly senders: Senders;
  readonly presence: Presence;
  /** Where people find this server, if that is said. */
  readonly url: string | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * Unread bytes at which a reader is sent away by the sweep, who then still hears why. Beyond `LIMITS.sendBufferBytes`,
 * between two sweeps, Bun drops what comes and cuts the line.
 */
const TOO_SLOW_BYTES = LIMITS.sendBufferBytes / 2;

/** What Bun calls the end of a line without a close frame. */
const LINE_CUT = 1006;

/** How often, in sweeps, each connection's session is looked at, which may have run out: one in so many at each sweep. */
const SESSION_SECONDS = 60;

/** How long the answers that are under way are waited for when the server stops, in ms. */
const ANSWER_MS = 4_000;

/** When those who were sent away come back: after a moment, so many a second, and all within so many seconds. */
const RETURN = { firstMs: 500, perSecond: 2_000, minSeconds: 1, maxSeconds: 10 };

/** All live sockets of this process: the upgrade, the way of their frames to the door of their dialect, and their end. */
export class Sockets {
  readonly #parts: SocketsParts;
  readonly #liveness: Liveness;
  /** All that are open. */
  readonly open = new Roster();
  #isStopping = false;
  #tooSlow = 0;
  /** Whether something was dropped for someone who did not read, since the last sweep. */
  #hasDropped = false;
  /** Frames that the hub had handed to sockets at the last sweep. */
  #delivered = 0;
  /** Whose session the next sweep looks at. */
  readonly #unchecked = new Set<Connection>();

  constructor(parts: SocketsParts) {
    this.#parts = parts;
    this.#liveness = new Liveness(parts.guards.caps, (connection) => parts.hub.sentAt(connection));
  }

  /** Open connections of a dialect. */
  count(dialect: Dialect): number {
    let count = 0;
    for (const connection of this.open) if (connection.dialect === dialect) count++;
    return count;
  }

  /** Pings sent to those who were quiet. */
  get pings(): number {
    return this.#liveness.pings;
  }

  /** Connections cut because their peer was mute. */
  get reaped(): number {
    return this.#liveness.reaped;
  }

  /** Connections closed because their peer did not read. In a second in which Bun cut some, others may be among them. */
  get tooSlow(): number {
    return this.#tooSlow;
  }

  /**
   * Answers a request to upgrade; undefined when it became a socket. Any path will do, as with the original. What has
   * no subprotocol is a classic client.
   */
  upgrade(request: Request, server: Server<Connection>): Soon<Response | undefined> {
    const { guards, senders } = this.#parts;
    let origin: Origin | undefined;
    try {
      const sender = senders.of(request, server.requestIP(request)?.address);
      origin = guards.admission.enter(countedAddress(sender.address));
      const entered = origin;
      const upgraded = this.#becomeSocket(request, server, sender, entered);
      return upgraded instanceof Promise ? upgraded.catch((error) => this.#refuse(error, entered)) : upgraded;
    } catch (error) {
      return this.#refuse(error, origin);
    }
  }

  /** Sends away those of the user's connections whose session or token is not good any more; without a user, everyone's. */
  endSessions(user?: number): void {
    const some = [...this.open].filter(({ user: theirs }) => user === undefined || theirs?.id === user);
    void this.#endStale(some);
  }

  /**
   * The next sweep looks at the connection's session: it may have ended between the moment at which the store was read
   * and the one from which on this connection is told of it.
   */
  lookSoon(connection: Connection): void {
    this.#unchecked.add(connection);
  }

  /** What was published could not be kept for someone, whose line Bun is about to cut. */
  noteDropped(): void {
    this.#hasDropped = true;
  }

  /** Looks after all connections: to be called every second. */
  sweep(): void {
    this.#liveness.tick();
    const turn = this.#liveness.now % SESSION_SECONDS;
    this.#hasDropped = false;
    const { delivered } = this.#parts.hub.counts;
    const isQuiet = delivered === this.#delivered;
    this.#delivered = delivered;
    const toBeChecked = [...this.#unchecked];
    this.#unchecked.clear();
    for (const connection of this.open) {
      // Where nothing was published, nobody can have fallen behind who was not: asking each costs half of the sweep.
      const unread = isQuiet && !connection.isBehind ? 0 : connection.unreadBytes;
      connection.isBehind = unread > 0;
      if (Math.floor(connection.jitter * SESSION_SECONDS) === turn) toBeChecked.push(connection);
      if (unread <= TOO_SLOW_BYTES) {
        this.#liveness.look(connection);
      } else {
        this.#tooSlow++;
        connection.close('too_slow');
      }
    }
    void this.#endStale(toBeChecked);
  }

  /**
   * Answers what is in hand and takes no more, and sends everyone away: each is told another moment to come back, over
   * more seconds the more there are. Takes `ANSWER_MS` at most.
   * @param processes how many do the same at this moment
   */
  async sendAway(processes: number): Promise<void> {
    this.#isStopping = true;
    const { firstMs, perSecond, minSeconds, maxSeconds } = RETURN;
    const seconds = Math.min(maxSeconds, Math.max(minSeconds, (this.open.size * processes) / perSecond));
    const patience = Bun.sleep(ANSWER_MS);
    const leave = async (connection: Connection): Promise<void> => {
      if (connection.isBusy) await Promise.race([connection.settled, patience]);
      connection.close('going_away', comeBackReason(firstMs + Math.random() * seconds * 1000));
    };
    await Promise.all([...this.open].map(leave));
  }

  handler(): WebSocketHandler<Connection> {
    const { hub, guards, doors, presence, onError } = this.#parts;
    const heard = ({ data: connection }: { data: Connection }): void => this.#liveness.heard(connection);
    return {
      maxPayloadLength: LIMITS.frameBytes,
      backpressureLimit: LIMITS.sendBufferBytes,
      closeOnBackpressureLimit: true,
      // Bun's own count silence only while nothing is sent either: `Liveness` is in their place.
      idleTimeout: 0,
      sendPings: false,
      open: (socket) => {
        const connection = socket.data;
        connection.opened(socket);
        this.#liveness.opened(connection);
        this.open.add(connection);
        if (connection.user) presence.came(connection.user.id);
        doors[connection.dialect].opened(connection);
      },
      message: ({ data: connection }, frame) => this.#receive(connection, frame),
      ping: heard,
      pong: heard,
      close: ({ data: connection }, code) => {
        if (code === LINE_CUT && (connection.isBehind || this.#hasDropped)) this.#tooSlow++;
        else if (code === LINE_CUT) this.#liveness.lineCut(connection);
        connection.closed();
        this.open.delete(connection);
        guards.admission.leave(connection.origin);
        if (connection.user) {
          guards.admission.leaveAs(connection.user.id);
          presence.left(connection.user.id);
        }
        hub.drop(connection);
      },
      error: onError,
    };
  }

  async #endStale(connections: readonly Connection[]): Promise<void> {
    const held = connections.flatMap((connection) => {
      const { session } = connection;
      return session && connection.isOpen ? [{ connection, session }] : [];
    });
    if (held.length === 0) return;
    try {
      const good = await this.#parts.accounts.goodOf(held.map(({ session }) => session));
      for (const { connection, session } of held) {
        if (connection.session === session && !good.has(session)) connection.close('sign_in_required');
      }
    } catch (error) {
      if (!(error instanceof PokersError)) this.#parts.onError(error);
      for (const { connection } of held) this.#unchecked.add(connection);
    }
  }

  #refuse(error: unknown, origin: Origin | undefined): Response {
    if (origin) this.#parts.guards.admission.leave(origin);
    if (!(error instanceof PokersError)) this.#parts.onError(error);
    const known = error instanceof PokersError ? error : new PokersError('internal');
    return Response.json(known.toJSON(), { status: known.http, headers: known.headers });
  }

  /** @throws origin_denied, too_many, bad_request, store_unavailable */
  #becomeSocket(
    request: Request,
    server: Server<Connection>,
    sender: Sender,
    origin: Origin,
  ): Soon<undefined> {
    const { accounts, guards, classic, url } = this.#parts;
    const dialect = this.#dialectOf(request);
    const believed = dialect === 'classic' && classic === 'open';
    if (!believed && isForeign(request, sender, url)) throw new PokersError('origin_denied');
    const found = believed ? undefined : accounts.sessionOf(request.headers);
    return soon(found, (session) => {
      if (session) guards.admission.enterAs(session.user.id);
      const connection = new Connection(dialect, origin, session, sender.address);
      const headers: Record<string, string> =
        dialect === 'v2' ? { 'sec-websocket-protocol': SUBPROTOCOL } : {};
      if (server.upgrade(request, { data: connection, headers })) {
        if (found instanceof Promise) this.lookSoon(connection);
        return undefined;
      }
      if (session) guards.admission.leaveAs(session.user.id);
      throw new PokersError('bad_request', 'this is no valid WebSocket handshake');
    });
  }

  /** @throws bad_request for a subprotocol that is not ours, or without one where the classic door is shut */
  #dialectOf(request: Request): Dialect {
    const offered = request.headers.get('sec-websocket-protocol');
    if (offered === null) {
      if (this.#parts.classic !== 'off') return 'classic';
      throw new PokersError(
        'bad_request',
        `this server takes no classic clients; offer the subprotocol ${SUBPROTOCOL}`,
      );
    }
    if (offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) return 'v2';
    throw new PokersError('bad_request', `the only subprotocol is ${SUBPROTOCOL}`);
  }

  #receive(connection: Connection, frame: string | Buffer): void {
    const { doors, guards, onError } = this.#parts;
    this.#liveness.heard(connection);
    // Who stops takes nothing more: the client hears no answer, comes back, and sends it again.
    if (this.#isStopping) return;
    const text = typeof frame === 'string' ? frame : undefined;
    const inTime =
      connection.takeFrame(this.#liveness.now, guards.caps) &&
      connection.inTurn(() => doors[connection.dialect].received(connection, text).catch(onError));
    if (inTime) return;
    guards.refusals.count('frames');
    connection.close('too_many');
  }
}
