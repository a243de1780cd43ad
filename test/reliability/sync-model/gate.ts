const BunSocket = WebSocket as unknown as new (
  url: string,
  protocols: string[],
) => WebSocket & { terminate(): void };

/** Refs of the gate's own questions: beyond what a client counts to. */
const FENCES_FROM = 1_000_000_000;

const PATIENCE_MS = 5_000;

/** The handlers that a client puts on its socket. */
type Handlers = Pick<WebSocket, 'onopen' | 'onmessage' | 'onclose'>;

/**
 * Stands between one client and the server: nothing passes before it is let through, frame by frame, each way. What the
 * client takes for a WebSocket (`Socket`) ends here; behind it is a real one.
 */
export class Gate {
  /** To be given to the client. */
  readonly Socket: typeof WebSocket;
  readonly #up: string[] = [];
  readonly #down: (string | ArrayBuffer)[] = [];
  readonly #fences = new Map<number, () => void>();
  #fenceRef = FENCES_FROM;
  #client: Handlers | undefined;
  #server: (WebSocket & { terminate(): void }) | undefined;
  #opened: Promise<void> = Promise.resolve();

  constructor(url: string) {
    const gate = this;
    class Socket implements Handlers {
      onopen: WebSocket['onopen'] = null;
      onmessage: WebSocket['onmessage'] = null;
      onclose: WebSocket['onclose'] = null;
      constructor() {
        gate.#dial(this, url);
      }
      send(frame: string): void {
        if (gate.#client === this) gate.#up.push(frame);
      }
      close(): void {
        if (gate.#client === this) gate.#drop();
      }
    }
    this.Socket = Socket as unknown as typeof WebSocket;
  }

  /** Frames that wait, each way. */
  get waiting(): { up: number; down: number } {
    return { up: this.#up.length, down: this.#down.length };
  }

  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Resolves when a dial that is under way has come through. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** Lets frames of the client through to the server. */
  up(count: number): void {
    for (const frame of this.#up.splice(0, count)) this.#server?.send(frame);
  }

  /** Lets frames of the server through to the client. */
  down(count: number): void {
    const client = this.#client;
    for (const data of this.#down.splice(0, count)) {
      if (client && client === this.#client)
        client.onmessage?.call(client as WebSocket, { data } as MessageEvent);
    }
  }

  /** Resolves when the server has answered all that was let through so far, and its answers and events are here. */
  async fence(): Promise<void> {
    const server = this.#server;
    if (server?.readyState !== WebSocket.OPEN) return;
    const ref = ++this.#fenceRef;
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#fences.set(ref, resolve);
        server.send(`{"action":"ping","ref":${ref}}`);
      }),
      Bun.sleep(PATIENCE_MS).then(() => {
        throw new Error(`the server does not answer a ping in ${PATIENCE_MS} ms`);
      }),
    ]);
  }

  /** The line breaks. With `ghosts`, what the client has sent comes to the server all the same. */
  async cut(ghosts: boolean): Promise<void> {
    const client = this.#client;
    if (!client) return;
    if (ghosts) {
      this.up(this.#up.length);
      await this.fence();
    }
    this.#drop();
    client.onclose?.call(client as WebSocket, { code: 1006, reason: '' } as CloseEvent);
  }

  #dial(client: Handlers, url: string): void {
    this.#drop();
    const server = new BunSocket(url, ['pokers.v2']);
    this.#client = client;
    this.#server = server;
    this.#opened = new Promise((resolve) => {
      server.onopen = () => {
        client.onopen?.call(client as WebSocket, new Event('open'));
        resolve();
      };
      server.onclose = ({ code, reason }) => {
        resolve();
        if (this.#server !== server) return;
        this.#drop();
        client.onclose?.call(client as WebSocket, { code, reason } as CloseEvent);
      };
      server.onerror = () => resolve();
    });
    server.binaryType = 'arraybuffer';
    server.onmessage = ({ data }) => {
      if (this.#server === server) this.#receive(data);
    };
  }

  #receive(frame: string | ArrayBuffer): void {
    const text = typeof frame === 'string' ? frame : '';
    const ref = Number(/^\{"op":"ping","ref":(\d+)\}$/.exec(text)?.[1] ?? 0);
    if (ref < FENCES_FROM) this.#down.push(frame);
    else this.#fences.get(ref)?.();
    this.#fences.delete(ref);
  }

  #drop(): void {
    const server = this.#server;
    this.#client = undefined;
    this.#server = undefined;
    this.#up.length = 0;
    this.#down.length = 0;
    for (const resolve of this.#fences.values()) resolve();
    this.#fences.clear();
    server?.terminate();
  }
}
