import { expect } from 'bun:test';
import { foundClass, type Person, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { V2Client } from '../../actors/v2-client.ts';

/** A server with bystanders, who are in a thread and must not notice what is done to it. */
export class Stage {
  readonly #folder = temporaryFolder('framing');
  #server: ServerProcess | undefined;
  #ming: Person | undefined;
  #thread = 0;
  #bystanders: V2Client[] = [];
  #closed = 0;

  async open(): Promise<void> {
    this.#server = await startServerProcess(this.#folder.path);
    this.#ming = await signUp(this.#server.url, 'Ming');
    this.#thread = (await foundClass(this.#server.url, this.#ming, [])).thread.id;
    for (let index = 0; index < 3; index++) {
      const client = await V2Client.open(this.#server.socketUrl, this.#ming);
      await client.get<'join'>({ action: 'join', thread: this.#thread });
      void client.socket.closed.then(() => this.#closed++);
      this.#bystanders.push(client);
    }
  }

  get server(): ServerProcess {
    if (!this.#server) throw new Error('the stage is not open');
    return this.#server;
  }

  get port(): number {
    return this.server.port;
  }

  get ming(): Person {
    if (!this.#ming) throw new Error('the stage is not open');
    return this.#ming;
  }

  /** The bystanders are connected still, and hear what is said; the server has found no fault with itself. */
  async expectUnharmed(): Promise<void> {
    const [first] = this.#bystanders;
    const nonce = crypto.randomUUID();
    const { id } = (await first?.get<'post'>({
      action: 'post',
      thread: this.#thread,
      content: 'still here?',
      nonce,
    })) ?? { id: 0 };
    for (const client of this.#bystanders) {
      const { e } = (await client.nextEvent()) as { e: unknown[][] };
      expect(e[0]?.[1]).toBe(id);
    }
    expect(this.#closed).toBe(0);
    expect(this.server.complaints()).toBe('');
  }

  async close(): Promise<void> {
    await this.#server?.stop();
    this.#folder.remove();
  }
}
