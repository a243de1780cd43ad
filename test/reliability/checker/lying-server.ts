import type { Change } from '@pokers/protocol/message';
import type { Server, ServerWebSocket } from 'bun';

interface Asked {
  readonly action: string;
  readonly ref: number;
  readonly after?: number;
}

/** A server that says what it is told to, true or not: what the checker is tried on. */
export class LyingServer {
  readonly #server: Server<undefined>;
  readonly #sockets: ServerWebSocket<undefined>[] = [];
  /** What a resume answers. */
  changes: readonly Change[] = [];
  /** What it says the thread's seq is. */
  seq = 0;
  /** What its pages say instead. */
  seqOfPages: number | undefined;

  constructor() {
    this.#server = Bun.serve<undefined>({
      port: 0,
      fetch: (request, server) =>
        server.upgrade(request, {
          data: undefined,
          headers: { 'sec-websocket-protocol': 'pokers.v2' },
        })
          ? undefined
          : new Response(),
      websocket: {
        open: (socket) => void this.#sockets.push(socket),
        message: (socket, text) => void socket.sendText(this.#answer(JSON.parse(String(text)))),
      },
    });
  }

  get url(): string {
    return `ws://localhost:${this.#server.port}`;
  }

  /** An event to the connection that came as the how-manieth, from 0. */
  tell(connection: number, changes: readonly Change[], since?: number): void {
    const tail = since === undefined ? {} : { s: since };
    this.#sockets[connection]?.sendText(JSON.stringify({ op: 'ev', t: 1, e: changes, ...tail }));
  }

  stop(): void {
    void this.#server.stop(true);
  }

  #answer({ action, ref, after = 0 }: Asked): string {
    const { seq } = this;
    if (action !== 'resume') return JSON.stringify({ op: action, ref, seq });
    const changes = this.changes.filter((change) => change[0] > after);
    const reached = this.seqOfPages ?? seq;
    return JSON.stringify({ op: action, ref, seq: reached, thread: 1, changes, names: {}, more: false });
  }
}
