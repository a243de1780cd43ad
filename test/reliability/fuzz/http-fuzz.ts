import { connect, type Socket } from 'node:net';
import type { Chance } from '../chance.ts';
import { Violation } from '../checker/violation.ts';
import type { ApiSurface } from './api-surface.ts';
import { httpRequest } from './http-requests.ts';

/** An answer that has not come after this, in ms, is not coming: for what is no sound HTTP that is to be expected. */
const PATIENCE_MS = 8_000;
const UNSOUND_PATIENCE_MS = 60;

/** Requests one after the other on one connection, and a new one where it ends. @throws Violation */
export async function fuzzHttp(
  port: number,
  token: string,
  requests: number,
  chance: Chance,
  api: ApiSurface,
): Promise<{ statuses: Map<number, number> }> {
  const statuses = new Map<number, number>();
  let line: HttpLine | undefined;
  for (let sent = 0; sent < requests; sent++) {
    line ??= await HttpLine.open(port);
    const { bytes, isSound, method } = httpRequest(chance, token, api);
    const status = await line.ask(bytes, method, isSound ? PATIENCE_MS : UNSOUND_PATIENCE_MS);
    if (status === undefined && isSound && !line.isOver)
      throw new Violation(`no answer in ${PATIENCE_MS} ms to ${bytes.toString('latin1').slice(0, 500)}`);
    if (status === 500)
      throw new Violation(`answered ${status} to ${bytes.toString('latin1').slice(0, 2_000)}`);
    statuses.set(status ?? 0, (statuses.get(status ?? 0) ?? 0) + 1);
    if (!isSound || line.isOver || status === undefined || status === 101) {
      line.end();
      line = undefined;
    }
  }
  line?.end();
  return { statuses };
}

/** A connection that knows just enough of HTTP to tell where an answer ends. */
class HttpLine {
  isOver = false;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #arrived: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk as Buffer]);
      this.#arrived();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isOver = true;
      this.#arrived();
    });
  }

  static async open(port: number): Promise<HttpLine> {
    const socket = connect({ host: '127.0.0.1', port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) =>
        reject(new Violation(`the server takes no connection: ${error.message}`)),
      );
    });
    return new HttpLine(socket);
  }

  /** The answer's status; undefined where none came. */
  async ask(bytes: Buffer, method: string, patienceMs: number): Promise<number | undefined> {
    this.#received = Buffer.alloc(0);
    this.#socket.write(bytes);
    const deadline = Date.now() + patienceMs;
    while (!this.isOver && !this.#isWhole(method) && Date.now() < deadline) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#arrived = resolve;
      const timer = setTimeout(resolve, deadline - Date.now());
      await promise;
      clearTimeout(timer);
    }
    const status = /^HTTP\/1\.1 (\d{3})/.exec(this.#received.toString('latin1', 0, 20))?.[1];
    return status === undefined ? undefined : Number(status);
  }

  end(): void {
    this.#socket.destroy();
  }

  #isWhole(method: string): boolean {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.#received.toString('latin1', 0, end).toLowerCase();
    if (method === 'HEAD' || /^http\/1\.1 (101|204|304)/.test(head)) return true;
    const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
    if (length !== undefined) return this.#received.length >= end + 4 + Number(length);
    return this.#received.toString('latin1').endsWith('0\r\n\r\n');
  }
}
