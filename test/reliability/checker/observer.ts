import type { Change } from '@pokers/protocol/message';
import type { Event, Reply } from '@pokers/protocol/v2';
import type { Person } from '../../actors/people.ts';
import { type Frame, Wire } from '../wire.ts';
import type { ThreadLog } from './thread-log.ts';
import { Violation } from './violation.ts';

/** What one client knows of a thread. */
interface View {
  readonly log: ThreadLog;
  readonly messages: Map<number, Change>;
  seq: number;
  /** Events that came while the client was catching up. */
  held: Event[] | undefined;
  /** The last seq that came as an event over this connection. */
  heard: number;
}

/**
 * Someone who only reads, in several threads, over as many connections as it takes, and checks all the while that
 * the server keeps what it promises: each change once and in order, no gap, nothing left out by a resume.
 */
export class Observer {
  readonly name: string;
  readonly #person: Person;
  readonly #views = new Map<number, View>();
  readonly #fail: (violation: unknown) => void;
  #wire: Wire | undefined;
  resumes = 0;

  constructor(name: string, person: Person, logs: readonly ThreadLog[], fail: (violation: unknown) => void) {
    this.name = name;
    this.#person = person;
    this.#fail = fail;
    for (const log of logs) {
      this.#views.set(log.thread, { log, messages: new Map(), seq: 0, held: undefined, heard: 0 });
    }
  }

  /** Joins and catches up. False where the connection ended before that was done. */
  async connect(url: string): Promise<boolean> {
    const wire = await Wire.open(url, this.#person);
    if (!wire) return false;
    this.#wire = wire;
    for (const view of this.#views.values()) {
      view.held = [];
      view.heard = 0;
    }
    wire.onEvent = (event) => this.#guard(() => this.#receive(event));
    for (const [thread, view] of this.#views) {
      const joined = await wire.ask({ action: 'join', thread });
      if (joined?.error === 'store_unavailable') wire.terminate();
      if (!joined || !(await this.catchUp(thread, wire))) return false;
      if (view.seq < Number(joined.seq)) throw this.#violation(thread, `resume ended before ${joined.seq}`);
      const held = view.held ?? [];
      view.held = undefined;
      for (const event of held) this.#receive(event);
    }
    return true;
  }

  /** Resolves when the present connection ends; at once where there is none. */
  get ended(): Promise<unknown> {
    return this.#wire?.ended ?? Promise.resolve();
  }

  /** Asks for all that changed since; false where the connection ended before that was done. */
  async catchUp(thread: number, wire: Wire | undefined = this.#wire): Promise<boolean> {
    const view = this.#viewOf(thread);
    for (;;) {
      const after = view.seq;
      const page = (await wire?.ask({ action: 'resume', thread, after })) as Reply<'resume'> | undefined;
      if (!page) return false;
      if ((page as Frame).error === 'store_unavailable') {
        wire?.terminate(); // said honestly: somebody else may have an answer
        return false;
      }
      if (page.op !== 'resume') throw this.#violation(thread, `resume was answered ${JSON.stringify(page)}`);
      this.#takePage(view, page, after);
      if (!page.more) {
        this.resumes++;
        return true;
      }
    }
  }

  seqOf(thread: number): number {
    return this.#viewOf(thread).seq;
  }

  messagesOf(thread: number): ReadonlyMap<number, Change> {
    return this.#viewOf(thread).messages;
  }

  disconnect(): void {
    this.#wire?.terminate();
    this.#wire = undefined;
  }

  #receive(event: Event): void {
    const view = this.#viewOf(event.t);
    if (view.held) {
      view.held.push(event);
      return;
    }
    const { e: changes, s: since } = event;
    const first = changes[0]?.[0] ?? 0;
    const last = changes.at(-1)?.[0] ?? 0;
    if (first <= view.heard) throw this.#violation(event.t, `${first} came again after ${view.heard}`);
    view.heard = last;
    changes.reduce((before, [seq]) => {
      if (since === undefined ? seq !== before + 1 : seq <= before)
        throw this.#violation(event.t, `${seq} came after ${before} in one event`);
      return seq;
    }, first - 1);
    if ((since ?? first - 1) > view.seq)
      throw this.#violation(event.t, `a gap: ${first} (since ${since}) after ${view.seq}`);
    for (const change of changes) this.#take(view, change);
    view.seq = Math.max(view.seq, last);
  }

  /** Whatever anyone saw to change in the stretch of a page must be on it, in that state or a later one. */
  #takePage(view: View, page: Reply<'resume'>, after: number): void {
    const { thread } = view.log;
    let before = after;
    for (const change of page.changes) {
      if (change[0] <= before) throw this.#violation(thread, `a page has ${change[0]} after ${before}`);
      before = change[0];
      this.#take(view, change);
    }
    if (page.more && page.changes.length === 0) throw this.#violation(thread, 'an empty page promises more');
    for (let seq = after + 1; seq <= page.seq; seq++) {
      const message = view.log.messageAt(seq);
      const known = message === undefined ? undefined : view.messages.get(message);
      if (message !== undefined && (known?.[0] ?? 0) < seq && !page.more)
        throw this.#violation(
          thread,
          `the resume from ${after} left out change ${seq} of message ${message}`,
        );
    }
    view.seq = Math.max(view.seq, page.seq);
  }

  #take(view: View, change: Change): void {
    view.log.add(change, this.name);
    const [seq, id] = change;
    const known = view.messages.get(id);
    if (!known || known[0] < seq) view.messages.set(id, change);
  }

  #viewOf(thread: number): View {
    const view = this.#views.get(thread);
    if (!view) throw new Violation(`${this.name} got thread ${thread}, which was never joined`);
    return view;
  }

  #violation(thread: number, what: string): Violation {
    return new Violation(`${this.name}, thread ${thread}: ${what}`);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }
}
