import type { Change } from '@pokers/protocol/message';
import { type Expected, hasReaction } from '../checker/expected.ts';
import type { Durable, Entry, Ledger } from '../checker/ledger.ts';
import { say } from '../checker/ledger.ts';
import { Violation } from '../checker/violation.ts';
import type { Wire } from '../wire.ts';
import { deliver } from './delivery.ts';

/** Commands that another one can undo. */
type Undoable = Exclude<Durable, { action: 'post' | 'delete' }>;

export interface UndoableEntry extends Entry {
  readonly command: Undoable;
}

/**
 * The same person's other device does the opposite between a command whose answer was lost and its being sent again.
 * Had the command taken effect the first time, it must not do so again: what the other device did stands.
 */
export class Rivalry {
  readonly lost: UndoableEntry;
  readonly #rival: UndoableEntry;
  /** Whether the lost command had taken effect before the other device came. */
  readonly hadEffect: boolean;

  private constructor(lost: UndoableEntry, rival: UndoableEntry, hadEffect: boolean) {
    this.lost = lost;
    this.#rival = rival;
    this.hadEffect = hadEffect;
  }

  /**
   * Looks whether the lost command had taken effect. Undefined where nobody can rival any longer: the message is
   * deleted, or the connection has ended.
   */
  static async begin(wire: Wire, ledger: Ledger, lost: UndoableEntry): Promise<Rivalry | undefined> {
    const { thread, by, command } = lost;
    const page = await wire.ask({ action: 'history', thread, before: command.message + 1, limit: 1 });
    const [change] = (page?.messages ?? []) as Change[];
    if (!change || change[4] === 0) return undefined;
    if (change[1] !== command.message) throw new Violation(`message ${command.message} is gone`);
    return new Rivalry(lost, sent(ledger, thread, by, opposite(command)), isDone(command, by, change));
  }

  /** The other device first, then the lost command again. False where the connection ended before both were answered. */
  async play(wire: Wire, expected: Expected): Promise<boolean> {
    const { lost } = this;
    const rival = this.#rival;
    if (!rival.outcome) {
      const changesSomething = this.hadEffect || rival.command.action === 'edit';
      if (!(await deliver(wire, rival, changesSomething ? 1 : 0))) {
        rival.attempts++;
        return false;
      }
    }
    if (!(await deliver(wire, lost))) {
      lost.attempts++;
      return false;
    }
    if (this.hadEffect && !lost.outcome?.ok) throw new Violation(`undone by a refusal: ${say(lost)}`);
    const order = this.hadEffect ? [lost, rival] : [rival, lost];
    for (const { command, by, outcome } of order) if (outcome?.ok) expected.changed(command, by);
    return true;
  }

  /** Whether the emoji or the pin is there in the end. */
  get isOn(): boolean {
    const { command } = this.hadEffect ? this.#rival : this.lost;
    return command.action !== 'edit' && command.on;
  }
}

function sent(ledger: Ledger, thread: number, by: number, command: Undoable): UndoableEntry {
  return ledger.sent(thread, by, command) as UndoableEntry;
}

function opposite(command: Undoable): Undoable {
  const nonce = crypto.randomUUID();
  return command.action === 'edit'
    ? { ...command, nonce, content: nonce }
    : { ...command, nonce, on: !command.on };
}

function isDone(command: Undoable, by: number, change: Change): boolean {
  if (command.action === 'edit') return change[4] === command.content;
  if (command.action === 'pin') return (change[5]?.pin !== undefined) === command.on;
  return hasReaction(change, command.emoji, by) === command.on;
}
