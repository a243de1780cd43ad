import { PokersClient, PokersError } from '@pokers/sdk';
import type { Person } from '../../actors/people.ts';
import type { Durable, Entry } from '../checker/ledger.ts';
import type { Truth } from '../checker/truth.ts';
import { Violation } from '../checker/violation.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Speaker } from '../talk/speaker.ts';

/** Someone with the real client: whatever the network does, it is the client who sends again and resumes. */
export class SdkChatter {
  readonly #client: PokersClient;

  constructor(
    readonly name: string,
    private readonly person: Person,
    private readonly speaker: Speaker,
    private readonly conversation: Conversation,
    url: string,
  ) {
    this.#client = new PokersClient({ url, token: person.token, backoff: { minMs: 5, maxMs: 50 } });
  }

  async open(): Promise<void> {
    await this.#client.connect();
    await Promise.all(this.conversation.threads.map((id) => this.#client.thread(id).open()));
  }

  /** One command after the other, until told otherwise; each is answered in the end. */
  async chat(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const { thread, command } = this.speaker.next();
      const entry = this.conversation.ledger.sent(thread, this.person.id, command);
      // Only the client knows how often it sends.
      entry.attempts = 0;
      await this.#say(entry);
      this.speaker.settled(entry);
    }
  }

  /** Loads all there is and holds it against the truth. @throws Violation */
  async compare(truth: ReadonlyMap<number, Truth>): Promise<void> {
    for (const [id, { seq, messages }] of truth) {
      const channel = this.#client.thread(id);
      const deadline = Date.now() + 10_000;
      while (channel.seq < seq && Date.now() < deadline) await Bun.sleep(10);
      while (await channel.loadOlder(200));
      const seen = channel.messages.map(({ id, seq, content, deleted }) => [id, seq, deleted ? 0 : content]);
      const wanted = [...messages.values()]
        .sort((a, b) => a[1] - b[1])
        .map(([seq, id, , , content]) => [id, seq, content]);
      const at = wanted.findIndex((message, index) => !Bun.deepEquals(message, seen[index]));
      if (channel.seq === seq && at < 0 && seen.length === wanted.length) continue;
      throw new Violation(
        `${this.name}, thread ${id}: ${seen.length} messages at ${channel.seq}, not ${wanted.length} at ${seq}; ` +
          `the first difference: ${JSON.stringify(seen[at])} for ${JSON.stringify(wanted[at])}`,
      );
    }
  }

  close(): void {
    this.#client.close();
  }

  async #say(entry: Entry): Promise<void> {
    const { command, thread } = entry;
    try {
      const { id, seq } = await this.#send(thread, command);
      entry.outcome = { ok: true, id, seq, at: performance.now(), effects: 1 };
    } catch (error) {
      if (!(error instanceof PokersError) || error.error !== 'message_not_found') throw error;
      entry.outcome = { ok: false, error: error.error };
    }
  }

  #send(thread: number, command: Durable): Promise<{ id: number; seq: number }> {
    const channel = this.#client.thread(thread);
    switch (command.action) {
      case 'post':
        return channel.post(command.content);
      case 'edit':
        return channel.edit(command.message, command.content);
      case 'delete':
        return channel.delete(command.message);
      case 'react':
        return channel.react(command.message, command.emoji, command.on);
      case 'pin':
        return channel.pin(command.message, command.on);
    }
  }
}
