import type { Command } from '@pokers/protocol/v2';
import type { Backoff } from '../backoff.ts';
import { DEFAULTS } from '../defaults.ts';
import { isNetworkError, type PokersError, toPokersError } from '../errors.ts';
import type { Line, Question } from '../line.ts';
import { questionOf, type StoredEntry } from './entry.ts';

/** Where a courier gets entries from, and what becomes of them. */
export interface CourierOffice {
  /** What this client may send now, in order. */
  sendable(): readonly StoredEntry[];
  answered(entry: StoredEntry, answer: object): void;
  refused(entry: StoredEntry, error: PokersError): void;
}

/** Refusals that say nothing about the entry: the server has no room for anything right now, or not from this user. */
const PASSING: ReadonlySet<string> = new Set(['store_unavailable', 'busy', 'too_many']);

/**
 * Sends entries over one line; the next line gets another courier, which begins at the front again. Of one thread, one
 * command is unanswered at a time: were several, and the server could not save the first but the second, they would be
 * out of order. Threads do not wait for each other, and what was read waits for nothing.
 */
export class Courier {
  /** Threads whose first entry is on its way, or has to wait before it is sent again. */
  readonly #busy = new Set<string>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** How often the server failed at an entry. */
  readonly #faults = new Map<string, number>();
  #stopped = false;

  constructor(
    private readonly line: Line,
    private readonly office: CourierOffice,
    private readonly makeBackoff: () => Backoff,
  ) {}

  /** Sends whatever can be sent now. */
  pump(): void {
    if (this.#stopped) return;
    for (const entry of this.office.sendable()) {
      const lane = laneOf(entry);
      if (this.#busy.has(lane)) continue;
      this.#busy.add(lane);
      void this.#send(entry, lane);
    }
  }

  /** Sends nothing more. An answer that is under way is still taken. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #send(entry: StoredEntry, lane: string): Promise<void> {
    const { action } = entry;
    try {
      // The fields are those of the action; TypeScript does not follow that over a union.
      const reply = await this.line.ask(action, questionOf(entry) as Question<Command['action']>);
      this.#backoffs.delete(lane);
      this.#busy.delete(lane);
      const { op: _op, ref: _ref, ...answer } = reply;
      this.office.answered(entry, answer);
    } catch (error) {
      this.#failed(entry, lane, toPokersError(error));
    }
    this.pump();
  }

  /** Without a line or a session nothing can be done here: the lane stays shut, and the next line sends it again. */
  #failed(entry: StoredEntry, lane: string, error: PokersError): void {
    if (isNetworkError(error) || error.error === 'sign_in_required') return;
    if (this.#willPass(entry, error)) return this.#pause(lane);
    this.#busy.delete(lane);
    this.office.refused(entry, error);
  }

  #willPass(entry: StoredEntry, { error }: PokersError): boolean {
    if (PASSING.has(error)) return true;
    if (error !== 'internal') return false;
    const faults = (this.#faults.get(entry.id) ?? 0) + 1;
    this.#faults.set(entry.id, faults);
    return faults < DEFAULTS.faultsOfEntry;
  }

  #pause(lane: string): void {
    if (this.#stopped) return;
    const backoff = this.#backoffs.get(lane) ?? this.makeBackoff();
    this.#backoffs.set(lane, backoff);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#busy.delete(lane);
      this.pump();
    }, backoff.next());
    this.#timers.add(timer);
  }
}

function laneOf(entry: StoredEntry): string {
  return `${entry.action === 'read' ? 'read ' : ''}${entry.thread}`;
}
