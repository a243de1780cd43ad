/** The lean form of v2's event frames: what a client gets that asked for it in `hello`. */
import type { Change, ChangeExtra } from './message.ts';

/**
 * A change as what is different from the change before it in the same frame: its seq is the next one, its id is
 * `idStep` further (1 where left out) and its date `dateStep` seconds later (0 where left out). Either may be negative:
 * an old message was changed. Its second field tells it from a whole `Change`, whose second field is an id above 0.
 */
export type ChangeStep =
  | readonly [speaker: number, content: string | 0]
  | readonly [speaker: number, content: string | 0, idStep: number]
  | readonly [speaker: number, content: string | 0, idStep: number, dateStep: number]
  | readonly [speaker: number, content: string | 0, idStep: number, dateStep: number, extra: ChangeExtra];

export type LeanChange = Change | ChangeStep;

export function isStep(change: LeanChange): change is ChangeStep {
  return typeof change[1] === 'string' || change[1] === 0;
}

/** An event frame of the lean form: the thread, then `since` where there is one, then the changes. */
export type LeanEvent = readonly [thread: number, ...rest: readonly (number | LeanChange)[]];

/** What `encodeEvents` says, for clients that asked for the lean form: a frame that is an array. */
export function encodeLeanEvents(thread: number, changes: readonly Change[], since?: number): string {
  const steps = toSteps(changes);
  return JSON.stringify(since === undefined ? [thread, ...steps] : [thread, since, ...steps]);
}

/** The fields that the plain form has, with the changes whole. Throws a RangeError where a step follows nothing. */
export function fromLeanEvent([t, ...rest]: LeanEvent): { op: 'ev'; t: number; e: Change[]; s?: number } {
  const [s] = rest;
  if (typeof s !== 'number') return { op: 'ev', t, e: fromSteps(rest as LeanChange[]) };
  return { op: 'ev', t, e: fromSteps(rest.slice(1) as LeanChange[]), s };
}

/** Each change but the first as a step from the one before, where it is the very next change of its thread. */
export function toSteps(changes: readonly Change[]): LeanChange[] {
  return changes.map((change, index) => {
    const before = changes[index - 1];
    return before && change[0] === before[0] + 1 ? stepBetween(before, change) : change;
  });
}

/** The changes whole again. Throws a RangeError where the first is a step: from what? */
export function fromSteps(changes: readonly LeanChange[]): Change[] {
  let before: Change | undefined;
  return changes.map((change) => {
    if (isStep(change)) {
      if (!before) throw new RangeError('The first change of a frame is no step.');
      before = stepFrom(before, change);
    } else {
      before = change;
    }
    return before;
  });
}

function stepBetween([, id, , date]: Change, change: Change): ChangeStep {
  const [, nextId, speaker, nextDate, content, extra] = change;
  const idStep = nextId - id;
  const dateStep = nextDate - date;
  if (extra) return [speaker, content, idStep, dateStep, extra];
  if (dateStep !== 0) return [speaker, content, idStep, dateStep];
  return idStep === 1 ? [speaker, content] : [speaker, content, idStep];
}

function stepFrom([seq, id, , date]: Change, step: ChangeStep): Change {
  const [speaker, content, idStep = 1, dateStep = 0, extra] = step;
  const whole = [seq + 1, id + idStep, speaker, date + dateStep, content] as const;
  return extra ? [...whole, extra] : whole;
}
