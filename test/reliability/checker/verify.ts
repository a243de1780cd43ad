import type { Change } from '@pokers/protocol/message';
import type { Expected } from './expected.ts';
import { type Entry, type Ledger, say } from './ledger.ts';
import type { Observer } from './observer.ts';
import type { Truth } from './truth.ts';
import { Violation } from './violation.ts';

export interface Verdict {
  /** Posts that were answered; each is there, once. */
  readonly posts: number;
  /** Edits, deletions, reactions and pins that were answered; each took effect once. */
  readonly changes: number;
  /** Commands that had to be sent more than once until they were answered. */
  readonly sentAgain: number;
  /** Commands that the server refused, and that left nothing. */
  readonly refused: number;
}

/**
 * Holds what was sent, what was answered and what every observer saw against what the server has in the end, when every
 * command was answered and every observer has caught up. What observers can see on their way they have checked already.
 * @throws Violation
 */
export function verify(
  ledger: Ledger,
  expected: Expected,
  observers: readonly Observer[],
  truth: ReadonlyMap<number, Truth>,
): Verdict {
  const { entries } = ledger;
  const open = entries.find(({ outcome }) => !outcome);
  if (open) throw new Violation(`not answered in the end: ${say(open)}`);
  for (const [thread, { seq, messages }] of truth) {
    const ofThread = entries.filter((entry) => entry.thread === thread);
    nothingLost(ofThread, messages);
    nothingDoubled(thread, expected, messages);
    for (const change of messages.values()) expected.compare(thread, change);
    everyEffectOnce(thread, ofThread, seq);
    inOrderOfTime(thread, ofThread);
    for (const observer of observers) sameView(observer, thread, seq, messages);
  }
  const answered = entries.filter(({ outcome }) => outcome?.ok);
  const posts = answered.filter(({ command }) => command.action === 'post').length;
  return {
    posts,
    changes: answered.length - posts,
    sentAgain: entries.filter(({ attempts }) => attempts > 1).length,
    refused: entries.length - answered.length,
  };
}

function nothingLost(entries: readonly Entry[], messages: ReadonlyMap<number, Change>): void {
  for (const entry of entries) {
    if (entry.outcome?.ok && !messages.has(entry.outcome.id)) throw new Violation(`lost: ${say(entry)}`);
  }
}

function nothingDoubled(thread: number, expected: Expected, messages: ReadonlyMap<number, Change>): void {
  const wanted = expected.countOf(thread);
  if (messages.size !== wanted)
    throw new Violation(`thread ${thread} has ${messages.size} messages for ${wanted} answered posts`);
  const texts = new Set<string>();
  for (const [, id, , , content] of messages.values()) {
    if (content === 0) continue;
    if (texts.has(content)) throw new Violation(`message ${id} doubles another: ${content}`);
    texts.add(content);
  }
}

/** Every command here makes exactly one change, so that a thread's seq counts them: one too many took effect twice. */
function everyEffectOnce(thread: number, entries: readonly Entry[], seq: number): void {
  const effects = entries.reduce((sum, { outcome }) => sum + (outcome?.ok ? outcome.effects : 0), 0);
  if (effects !== seq)
    throw new Violation(`thread ${thread} has ${seq} changes for ${effects} effective commands`);
}

/** What was answered before something else was sent stands before it. Resent commands may answer a later change's seq. */
function inOrderOfTime(thread: number, entries: readonly Entry[]): void {
  const certain = entries.flatMap((entry) => {
    const { outcome, attempts } = entry;
    return attempts === 1 && outcome?.ok && outcome.effects === 1 ? [{ entry, outcome }] : [];
  });
  const bySending = certain.toSorted((a, b) => a.entry.sentAt - b.entry.sentAt);
  const byAnswer = certain.toSorted((a, b) => a.outcome.at - b.outcome.at);
  let answered = 0;
  let newest = 0;
  const seqs = new Set<number>();
  for (const { entry, outcome } of bySending) {
    for (; (byAnswer[answered]?.outcome.at ?? Number.POSITIVE_INFINITY) < entry.sentAt; answered++)
      newest = Math.max(newest, byAnswer[answered]?.outcome.seq ?? 0);
    if (outcome.seq <= newest)
      throw new Violation(`thread ${thread}: ${newest} was answered before this was sent: ${say(entry)}`);
    if (seqs.has(outcome.seq)) throw new Violation(`thread ${thread}: seq given twice: ${say(entry)}`);
    seqs.add(outcome.seq);
  }
}

function sameView(
  observer: Observer,
  thread: number,
  seq: number,
  messages: ReadonlyMap<number, Change>,
): void {
  const view = observer.messagesOf(thread);
  const fail = (what: string): never => {
    throw new Violation(`${observer.name}, thread ${thread}: ${what}`);
  };
  if (observer.seqOf(thread) !== seq) fail(`ends at ${observer.seqOf(thread)}, not ${seq}`);
  if (view.size !== messages.size) fail(`has ${view.size} messages, not ${messages.size}`);
  for (const [id, change] of messages) {
    const seen = JSON.stringify(view.get(id));
    if (seen !== JSON.stringify(change)) fail(`sees ${seen} for ${JSON.stringify(change)}`);
  }
}
