import { type Actor, inThread } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Admission } from '../../limits/admission.ts';
import type { Thread } from '../../store/store.ts';
import type { Env } from './http-app.ts';

export interface LongPollsParts {
  readonly chat: Chat;
  readonly hub: Hub;
  readonly admission: Admission;
}

/** A request as this sees it. The signal says that the client is gone. */
export type Caller = Env['Bindings'] & { readonly signal: AbortSignal };

interface Waiting {
  /** When it is answered at the latest, in ms of the process's clock. */
  readonly until: number;
  readonly wake: () => void;
}

/** Half of the time between two sweeps, in ms: the sweep that is nearest to its time ends a wait. */
const NEAR_MS = 500;

/**
 * HTTP requests that wait for a change. Each holds a line and memory as a socket does, so it counts as one: in the
 * process, from its address and of its user. None has a timer of its own.
 */
export class LongPolls {
  readonly #chat: Chat;
  readonly #hub: Hub;
  readonly #admission: Admission;
  readonly #waiting = new Set<Waiting>();

  constructor({ chat, hub, admission }: LongPollsParts) {
    this.#chat = chat;
    this.#hub = hub;
    this.#admission = admission;
  }

  /** Requests that wait now. */
  get count(): number {
    return this.#waiting.size;
  }

  /**
   * Resolves when something has changed after a seq, when so many seconds have passed, when the client is gone, or when
   * the server stops; at once where the thread is not at this seq. What happened is for the caller to look up.
   * @throws thread_not_found, busy, too_many
   */
  async untilChanged(
    reader: Actor,
    query: { thread: number; after: number; seconds: number },
    caller: Caller,
  ): Promise<void> {
    const { thread } = await inThread(this.#chat, reader, 'listen', query.thread);
    if (thread.seq !== query.after) return;
    const origin = this.#admission.enter(caller.address());
    try {
      this.#admission.enterAs(reader.id);
      try {
        caller.setAside(query.seconds);
        await this.#change(thread, query.seconds, caller.signal);
      } finally {
        this.#admission.leaveAs(reader.id);
      }
    } finally {
      this.#admission.leave(origin);
    }
  }

  /** Answers whose time has passed: to be called every second. */
  sweep(): void {
    const now = performance.now() + NEAR_MS;
    for (const { until, wake } of this.#waiting) if (until <= now) wake();
  }

  /** The server stops: nobody waits any longer. */
  answerAll(): void {
    for (const { wake } of this.#waiting) wake();
  }

  async #change(thread: Thread, seconds: number, signal: AbortSignal): Promise<void> {
    const woken = Promise.withResolvers<void>();
    const wake = (): void => woken.resolve();
    const waiting = { until: performance.now() + seconds * 1000, wake };
    this.#waiting.add(waiting);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
    const takeBack = this.#hub.waitFor(thread, wake);
    try {
      const now = await this.#chat.store.thread(thread.id); // it may have changed before the hub knew of us
      if (now?.seq === thread.seq) await woken.promise;
    } finally {
      takeBack();
      signal.removeEventListener('abort', wake);
      this.#waiting.delete(waiting);
    }
  }
}
