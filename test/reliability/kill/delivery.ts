import type { Entry } from '../checker/ledger.ts';
import { say } from '../checker/ledger.ts';
import { Violation } from '../checker/violation.ts';
import type { Frame, Wire } from '../wire.ts';

/** These leave nothing behind and say so: the command is sent again after a while. */
const RETRY = new Set(['store_unavailable', 'too_many']);
const RETRY_MS = 20;

/** Refusals that the chatters bring about: someone deleted the message meanwhile. */
const REFUSALS = new Set(['message_not_found']);

/**
 * Sends a command until it is answered, and writes the answer down. False where the connection ended before that: the
 * command is to be delivered again, over another one. @throws Violation for an answer that should not be
 */
export async function deliver(wire: Wire, entry: Entry, effects: 0 | 1 = 1): Promise<boolean> {
  const { command } = entry;
  for (;;) {
    const answer = await wire.ask(command);
    if (!answer) return false;
    if (answer.op === 'error') {
      if (RETRY.has(String(answer.error))) {
        entry.attempts++;
        await Bun.sleep(RETRY_MS);
        continue;
      }
      if (command.action === 'post' || !REFUSALS.has(String(answer.error)))
        throw new Violation(`refused with ${JSON.stringify(answer)}: ${say(entry)}`);
      entry.outcome = { ok: false, error: String(answer.error) };
      return true;
    }
    entry.outcome = { ok: true, ...placeIn(answer, entry), at: performance.now(), effects };
    return true;
  }
}

function placeIn(answer: Frame, entry: Entry): { id: number; seq: number } {
  const { op, id, seq } = answer;
  const { command } = entry;
  const isRight = op === command.action && (command.action === 'post' || command.message === id);
  if (!isRight || typeof id !== 'number' || typeof seq !== 'number')
    throw new Violation(`answered with ${JSON.stringify(answer)}: ${say(entry)}`);
  return { id, seq };
}
