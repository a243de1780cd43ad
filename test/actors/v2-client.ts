import { fromLeanEvent } from '@pokers/protocol/lean';
import type { Command, Reply } from '@pokers/protocol/v2';
import type { Person } from './people.ts';
import { SocketClient, type SocketOptions } from './socket-client.ts';

type Frame = Record<string, unknown>;
type Unreferenced<C> = C extends unknown ? Omit<C, 'ref'> : never;

/** A v2 client that does nothing by itself: commands out, frames in. */
export class V2Client {
  readonly socket: SocketClient;
  #refs = 0;
  #eventsRead = 0;

  private constructor(socket: SocketClient) {
    this.socket = socket;
  }

  /** Connected, and greeted as this person. */
  static async open(url: string, person: Person, { lean = false } = {}): Promise<V2Client> {
    const client = await V2Client.connect(url, { token: person.token });
    await client.ask({ action: 'hello', ...(lean && { lean }) });
    return client;
  }

  /** Connected, and nothing said yet. */
  static async connect(
    url: string,
    options: Pick<SocketOptions, 'token' | 'headers'> = {},
  ): Promise<V2Client> {
    return new V2Client(await SocketClient.open(url, { ...options, protocols: ['pokers.v2'] }));
  }

  /** Sends a command and answers the frame with its ref: a reply or an error. Several may be under way. */
  async ask(command: Unreferenced<Command> | Frame): Promise<Frame> {
    const ref = ++this.#refs;
    const from = this.socket.frames.length;
    this.socket.send({ ...command, ref });
    return this.#frameAfter(from, (frame) => frame.ref === ref);
  }

  /** Like `ask`, for what must go well. */
  async get<N extends Reply['op']>(command: Unreferenced<Command<N>>): Promise<Extract<Reply, { op: N }>> {
    const answer = await this.ask(command as Frame);
    if (answer.op !== command.action) throw new Error(`${command.action}: ${JSON.stringify(answer)}`);
    return answer as Extract<Reply, { op: N }>;
  }

  /** All events so far, of all threads, in the order in which they came. */
  events(): { t: number; e: unknown[][]; s?: number }[] {
    return this.socket.frames.flatMap((text) => {
      const frame = frameOf(text);
      return frame.op === 'ev' ? [frame as { t: number; e: unknown[][]; s?: number } & Frame] : [];
    });
  }

  /** The next event that was not read yet. */
  async nextEvent(): Promise<Frame> {
    for (;;) {
      const frame = frameOf(await this.socket.at(this.#eventsRead++));
      if (frame.op === 'ev') return frame;
    }
  }

  close(): void {
    this.socket.close();
  }

  async #frameAfter(from: number, is: (frame: Frame) => boolean): Promise<Frame> {
    for (let index = from; ; index++) {
      const frame = frameOf(await this.socket.at(index));
      if (is(frame)) return frame;
    }
  }
}

/** Events of the lean form as in the plain one. */
function frameOf(text: string): Frame {
  const frame = JSON.parse(text);
  return Array.isArray(frame) ? fromLeanEvent(frame as never) : frame;
}
