import { LIMITS } from '@pokers/protocol/limits';
import { SUBPROTOCOL } from '@pokers/protocol/v2';
import type { Server, WebSocketHandler } from 'bun';
import type { Accounts } from '../accounts/accounts.ts';
import type { ClassicMode } from '../config.ts';
import { PokersError } from '../errors.ts';
import { Connection, type Dialect } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import type { Door } from './door.ts';
import { isForeignOrigin } from './origin.ts';

export interface SocketsParts {
  readonly doors: Record<Dialect, Door>;
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly classic: ClassicMode;
  readonly onError: (error: unknown) => void;
}

/** All live sockets of this process: the upgrade, and the way of their frames to the door of their dialect. */
export class Sockets {
  readonly #parts: SocketsParts;
  readonly #open = new Set<Connection>();

  constructor(parts: SocketsParts) {
    this.#parts = parts;
  }

  /** Open connections of a dialect. */
  count(dialect: Dialect): number {
    let count = 0;
    for (const connection of this.#open) if (connection.dialect === dialect) count++;
    return count;
  }

  /**
   * Answers a request to upgrade; undefined when it became a socket. Any path will do, as with the original. What has
   * no subprotocol is a classic client.
   */
  async upgrade(request: Request, server: Server<Connection>): Promise<Response | undefined> {
    try {
      const dialect = this.#dialectOf(request);
      const believed = dialect === 'classic' && this.#parts.classic === 'open';
      if (!believed && isForeignOrigin(request)) throw new PokersError('origin_denied');
      const user = believed ? undefined : await this.#parts.accounts.userOf(request.headers);
      const connection = new Connection(dialect, user && { id: user.id, name: user.name });
      const headers: Record<string, string> =
        dialect === 'v2' ? { 'sec-websocket-protocol': SUBPROTOCOL } : {};
      if (server.upgrade(request, { data: connection, headers })) return undefined;
      throw new PokersError('bad_request', 'this is no valid WebSocket handshake');
    } catch (error) {
      if (!(error instanceof PokersError)) this.#parts.onError(error);
      const known = error instanceof PokersError ? error : new PokersError('internal');
      return Response.json(known.toJSON(), { status: known.http });
    }
  }

  /** Closes every socket; the clients come back when the server does. */
  closeAll(): void {
    for (const connection of this.#open) connection.close('going_away');
  }

  handler(): WebSocketHandler<Connection> {
    const { doors, hub, onError } = this.#parts;
    return {
      maxPayloadLength: LIMITS.frameBytes,
      backpressureLimit: LIMITS.sendBufferBytes,
      closeOnBackpressureLimit: true,
      open: (socket) => {
        const connection = socket.data;
        connection.opened(socket);
        this.#open.add(connection);
        doors[connection.dialect].opened(connection);
      },
      message: ({ data: connection }, frame) => {
        const text = typeof frame === 'string' ? frame : undefined;
        connection.inTurn(() => doors[connection.dialect].received(connection, text).catch(onError));
      },
      close: ({ data: connection }) => {
        connection.closed();
        this.#open.delete(connection);
        hub.drop(connection);
      },
    };
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
}
