import type { Socket, TCPSocketListener } from 'bun';

interface Half {
  other: Socket<Half> | undefined;
  /** What came before the other half was there. */
  early: Uint8Array[];
  timer: Timer | undefined;
}

/** A TCP proxy that cuts a connection on which nothing went either way for so long. */
export class ImpatientProxy {
  readonly port: number;
  readonly #listener: TCPSocketListener<Half>;

  private constructor(listener: TCPSocketListener<Half>) {
    this.#listener = listener;
    this.port = listener.port;
  }

  static async start(server: number, quietMs: number): Promise<ImpatientProxy> {
    const touched = (half: Socket<Half>): void => {
      const { other } = half.data;
      clearTimeout(half.data.timer);
      clearTimeout(other?.data.timer);
      half.data.timer = setTimeout(() => {
        half.terminate();
        other?.terminate();
      }, quietMs);
    };
    const handler = {
      data(half: Socket<Half>, bytes: Uint8Array): void {
        touched(half);
        if (half.data.other) half.data.other.write(bytes);
        else half.data.early.push(Uint8Array.from(bytes));
      },
      close(half: Socket<Half>): void {
        clearTimeout(half.data.timer);
        half.data.other?.end();
      },
      error(): void {},
    };
    const listener = Bun.listen<Half>({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        ...handler,
        async open(client) {
          client.data = { other: undefined, early: [], timer: undefined };
          const upstream = await Bun.connect<Half>({
            hostname: '127.0.0.1',
            port: server,
            data: { other: client, early: [], timer: undefined },
            socket: handler,
          });
          client.data.other = upstream;
          for (const bytes of client.data.early) upstream.write(bytes);
        },
      },
    });
    return new ImpatientProxy(listener);
  }

  stop(): void {
    this.#listener.stop(true);
  }
}
