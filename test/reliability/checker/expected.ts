import type { Change } from '@pokers/protocol/message';
import type { Durable } from './ledger.ts';
import { Violation } from './violation.ts';

interface ExpectedMessage {
  readonly thread: number;
  readonly speaker: number;
  content: string;
  isDeleted: boolean;
  isPinned: boolean;
  /** `EMOJI by USER`. */
  readonly reactions: Set<string>;
}

/**
 * What the answers add up to. That is certain only because of how the chatters behave: each text, each pin and each
 * person's emoji on a message is the business of one of them, who waits for each answer before going on.
 */
export class Expected {
  readonly #messages = new Map<number, ExpectedMessage>();

  posted(id: number, thread: number, speaker: number, content: string): void {
    const reactions = new Set<string>();
    this.#messages.set(id, {
      thread,
      speaker,
      content,
      isDeleted: false,
      isPinned: false,
      reactions,
    });
  }

  /** The command has taken effect. */
  changed(command: Exclude<Durable, { action: 'post' }>, by: number): void {
    const message = this.#messages.get(command.message);
    if (!message) throw new Violation(`message ${command.message} changed and was never posted`);
    if (command.action === 'edit') message.content = command.content;
    else if (command.action === 'delete') message.isDeleted = true;
    else if (command.action === 'pin') message.isPinned = command.on;
    else if (command.on) message.reactions.add(reaction(command.emoji, by));
    else message.reactions.delete(reaction(command.emoji, by));
  }

  countOf(thread: number): number {
    return [...this.#messages.values()].filter((message) => message.thread === thread).length;
  }

  /** Holds one message of the server against what it should be. @throws Violation */
  compare(thread: number, change: Change): void {
    const message = this.#messages.get(change[1]);
    const fail = (what: string): never => {
      throw new Violation(`${what}: it is ${JSON.stringify(change)} and should be ${sayMessage(message)}`);
    };
    if (message?.thread !== thread) return fail('a message that nobody was answered');
    const [, , speaker, , content, extra] = change;
    if (speaker !== message.speaker) fail('another speaker');
    if ((content === 0) !== message.isDeleted) fail('deleted or not');
    if (message.isDeleted) return;
    if (content !== message.content) fail('another text');
    if ((extra?.pin !== undefined) !== message.isPinned) fail('pinned or not');
    const reactions = (extra?.re ?? []).flatMap(([emoji, , users]) => users.map((by) => reaction(emoji, by)));
    const isSame =
      reactions.length === message.reactions.size && reactions.every((one) => message.reactions.has(one));
    if (!isSame) fail('other reactions');
  }
}

/** Whether a person's emoji is on a message, as a change describes it. */
export function hasReaction([, , , , , extra]: Change, emoji: string, by: number): boolean {
  return extra?.re?.some(([name, , users]) => name === emoji && users.includes(by)) ?? false;
}

const reaction = (emoji: string, by: number): string => `${emoji} by ${by}`;

function sayMessage(message: ExpectedMessage | undefined): string {
  return message ? JSON.stringify({ ...message, reactions: [...message.reactions] }) : 'none';
}
