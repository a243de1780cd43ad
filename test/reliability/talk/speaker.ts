import type { Chance } from '../chance.ts';
import type { Durable, Entry } from '../checker/ledger.ts';
import type { Conversation, Known } from './conversation.ts';

/** Emoji of a speaker's own: nobody else of the same user touches them. */
const EMOJI = [
  ['👍', '🎉', '❤️'],
  ['😂', '🤔', '👩‍🏫'],
] as const;

/** Messages of their own that a speaker remembers to change. */
const REMEMBERED = 20;

/** Pins of one speaker: all together stay under the limit of a thread. */
const PINS = 3;

/**
 * Decides what someone says next, so that what it must lead to is certain: each command changes something, and nobody
 * else has to do with that text, that pin or this person's emoji of this device. How it is sent is others' business.
 */
export class Speaker {
  readonly #own: Known[] = [];
  readonly #pinned: Known[] = [];
  readonly #reactions: (Known & { emoji: string })[] = [];

  /** `device` is 0 or 1: the same person's speakers must not get into each other's way. */
  constructor(
    readonly user: number,
    private readonly device: 0 | 1,
    private readonly mayPin: boolean,
    private readonly conversation: Conversation,
    private readonly chance: Chance,
  ) {}

  next(): { thread: number; command: Durable } {
    const { chance } = this;
    const nonce = crypto.randomUUID();
    const kind = chance.next();
    if (kind < 0.15 && this.#own.length > 0) {
      const { id, thread } = chance.pick(this.#own);
      return { thread, command: { action: 'edit', message: id, content: nonce, nonce } };
    }
    if (kind < 0.35 && this.conversation.recent.length > 0) return this.#nextReaction(nonce);
    if (kind < 0.45 && this.mayPin && this.#own.length > 0) return this.#nextPin(nonce);
    if (kind < 0.5 && this.#own.length > 1) return this.#nextDeletion(nonce);
    const thread = chance.pick(this.conversation.threads);
    return { thread, command: { action: 'post', thread, content: nonce, nonce } };
  }

  /** To be told of each of its commands when it is answered. */
  settled({ command, outcome, thread }: Entry): void {
    const { conversation, user } = this;
    if (command.action !== 'post') {
      if (outcome?.ok) conversation.expected.changed(command, user);
      const isOn = outcome?.ok === true && 'on' in command && command.on;
      return this.note({ id: command.message, thread }, command, isOn);
    }
    if (!outcome?.ok) return;
    const { id } = outcome;
    conversation.expected.posted(id, thread, user, command.content);
    this.#own.push({ id, thread });
    if (this.#own.length > REMEMBERED) this.#own.shift();
    conversation.remember({ id, thread });
  }

  /** Remembers what is on a message now, to take it off later. */
  note(message: Known, command: Durable, isOn: boolean): void {
    if (command.action === 'pin') {
      forget(this.#pinned, ({ id }) => id === message.id);
      if (isOn) this.#pinned.push(message);
    }
    if (command.action === 'react') {
      forget(this.#reactions, ({ id, emoji }) => id === message.id && emoji === command.emoji);
      if (isOn) this.#reactions.push({ ...message, emoji: command.emoji });
    }
  }

  #nextReaction(nonce: string): { thread: number; command: Durable } {
    const { chance } = this;
    const message = chance.pick(this.conversation.recent);
    const emoji = chance.pick(EMOJI[this.device]);
    const isOn = this.#reactions.some((one) => one.id === message.id && one.emoji === emoji);
    const off =
      isOn || (this.#reactions.length > 0 && chance.is(0.5)) ? chance.pick(this.#reactions) : undefined;
    const { id, thread, emoji: chosen } = off ?? { ...message, emoji };
    return { thread, command: { action: 'react', message: id, emoji: chosen, on: !off, nonce } };
  }

  #nextPin(nonce: string): { thread: number; command: Durable } {
    const { chance } = this;
    const free = this.#own.filter(({ id }) => !this.#pinned.some((pin) => pin.id === id));
    const on = this.#pinned.length < PINS && free.length > 0;
    const { id, thread } = chance.pick(on ? free : this.#pinned);
    return { thread, command: { action: 'pin', message: id, on, nonce } };
  }

  /** A message that is deleted is touched no more by the one who deletes it. */
  #nextDeletion(nonce: string): { thread: number; command: Durable } {
    const { id, thread } = this.chance.pick(this.#own);
    for (const list of [this.#own, this.#pinned, this.#reactions]) forget(list, (one) => one.id === id);
    forget(this.conversation.recent, (one) => one.id === id);
    return { thread, command: { action: 'delete', message: id, nonce } };
  }
}

function forget<T>(list: T[], is: (one: T) => boolean): void {
  for (let index = list.length - 1; index >= 0; index--) {
    if (is(list[index] as T)) list.splice(index, 1);
  }
}
