import { PokersClient, PokersError, type ThreadChannel } from '@pokers/sdk';
import type { Person } from '../../actors/people.ts';
import { Violation } from '../checker/violation.ts';
import { Gate } from './gate.ts';

/** The client comes back when it is told to, and never by itself. */
const NEVER_MS = 1_000_000_000;

/** What a server may say to the commands of a play: others were faster, or may more. */
const REFUSALS = new Set(['message_not_found', 'forbidden', 'too_many']);

/** A real client behind a gate, and what it was told about its commands. */
export class Actor {
  readonly gate: Gate;
  readonly client: PokersClient;
  readonly channel: ThreadChannel;
  /** Posts that were answered: their id and text. */
  readonly posted: [id: number, content: string][] = [];
  #unanswered = 0;
  #failure: unknown;
  #seq = 0;

  constructor(
    readonly name: string,
    { url, socketUrl }: { url: string; socketUrl: string },
    { token }: Person,
    thread: number,
  ) {
    this.gate = new Gate(socketUrl);
    const backoff = { minMs: NEVER_MS, maxMs: NEVER_MS };
    this.client = new PokersClient({ url, token, WebSocket: this.gate.Socket, backoff, random: () => 1 });
    this.channel = this.client.thread(thread);
    // The play may reset what is there; then the seq may go back to that of the new page.
    this.channel.on('reset', () => {
      this.#seq = 0;
    });
    this.client.connect().catch(() => undefined);
    this.channel.open().catch((error) => this.#fail(error));
  }

  get isSettled(): boolean {
    return this.#unanswered === 0;
  }

  post(content: string): void {
    this.#follow(
      this.channel.post(content).then(({ id }) => {
        this.posted.push([id, content]);
      }),
    );
  }

  edit(message: number, content: string): void {
    this.#follow(this.channel.edit(message, content));
  }

  delete(message: number): void {
    this.#follow(this.channel.delete(message));
  }

  react(message: number, emoji: string, on: boolean): void {
    this.#follow(this.channel.react(message, emoji, on));
  }

  pin(message: number, on: boolean): void {
    this.#follow(this.channel.pin(message, on));
  }

  loadOlder(limit: number): void {
    // Without a line, or before it is open, it says so.
    this.channel.loadOlder(limit).catch(() => undefined);
  }

  /** A message that the client sees, counted back from the newest. */
  messageAt(back: number): number | undefined {
    const { messages } = this.channel;
    return messages.length === 0 ? undefined : messages[messages.length - 1 - (back % messages.length)]?.id;
  }

  /**
   * What must hold at every moment, whatever has not arrived yet. (A page may bring a change that is newer than the seq
   * it is said to reach to: that is no fault.) @throws Violation
   */
  check(): void {
    if (this.#failure) throw this.#failure;
    const { messages, seq } = this.channel;
    if (seq < this.#seq) throw new Violation(`${this.name} went back from ${this.#seq} to ${seq}`);
    this.#seq = seq;
    messages.reduce((before, { id }) => {
      if (id <= before) throw new Violation(`${this.name}: message ${id} stands after ${before}`);
      return id;
    }, 0);
  }

  close(): void {
    this.client.close();
  }

  #follow(answer: Promise<unknown>): void {
    this.#unanswered++;
    answer
      .catch((error) => {
        if (!(error instanceof PokersError) || !REFUSALS.has(error.error)) this.#fail(error);
      })
      .finally(() => {
        this.#unanswered--;
      });
  }

  #fail(error: unknown): void {
    if (error instanceof PokersError && error.error === 'closed') return;
    this.#failure ??= error;
  }
}
