import type { Person } from '../../actors/people.ts';
import type { Chance } from '../chance.ts';
import type { Entry } from '../checker/ledger.ts';
import type { Conversation } from '../talk/conversation.ts';
import type { Speaker } from '../talk/speaker.ts';
import { Wire } from '../wire.ts';
import { deliver } from './delivery.ts';
import { Rivalry, type UndoableEntry } from './rivalry.ts';

/** How often another device rivals a command whose answer was lost. */
const RIVALRY = 0.6;

/**
 * Someone who posts, edits, deletes, reacts and pins, one command after the other, each waiting for the last one's
 * answer. Where the answer is lost with the connection, the command goes out again on the next one.
 */
export class Chatter {
  #open: Entry | undefined;
  #rivalry: Rivalry | undefined;
  #wire: Wire | undefined;

  constructor(
    private readonly person: Person,
    private readonly speaker: Speaker,
    private readonly conversation: Conversation,
    private readonly chance: Chance,
  ) {}

  /** Whether a command waits for its answer. */
  get isWaiting(): boolean {
    return this.#open !== undefined;
  }

  /** Brings home what was left unanswered and then, until told otherwise, goes on; ends when the connection does. */
  async chat(url: string, goesOn: () => boolean): Promise<void> {
    const wire = await Wire.open(url, this.person);
    if (!wire) return;
    this.#wire = wire;
    if (await this.#bringHome(wire)) {
      while (goesOn() && !wire.isOver) {
        const { thread, command } = this.speaker.next();
        this.#open = this.conversation.ledger.sent(thread, this.person.id, command);
        if (!(await this.#deliver(wire, this.#open))) break;
      }
    }
    wire.terminate();
  }

  hangUp(): void {
    this.#wire?.terminate();
  }

  /** @returns whether nothing is open any longer */
  async #bringHome(wire: Wire): Promise<boolean> {
    if (!this.#open) return true;
    this.#open.attempts++;
    if (!this.#rivalry && isUndoable(this.#open) && this.chance.is(RIVALRY)) {
      this.#rivalry = await Rivalry.begin(wire, this.conversation.ledger, this.#open);
    }
    return this.#rivalry ? this.#play(wire, this.#rivalry) : this.#deliver(wire, this.#open);
  }

  async #play(wire: Wire, rivalry: Rivalry): Promise<boolean> {
    if (!(await rivalry.play(wire, this.conversation.expected))) return false;
    const { command, thread, outcome } = rivalry.lost;
    this.speaker.note({ id: command.message, thread }, command, outcome?.ok === true && rivalry.isOn);
    if (rivalry.hadEffect) this.conversation.undone++;
    this.#open = undefined;
    this.#rivalry = undefined;
    return true;
  }

  async #deliver(wire: Wire, entry: Entry): Promise<boolean> {
    if (!(await deliver(wire, entry))) return false;
    this.#open = undefined;
    this.speaker.settled(entry);
    return true;
  }
}

function isUndoable(entry: Entry): entry is UndoableEntry {
  return entry.command.action !== 'post' && entry.command.action !== 'delete';
}
