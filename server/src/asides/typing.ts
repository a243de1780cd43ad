import { LIMITS } from '@pokers/protocol/limits';
import { z } from 'zod';
import type { Signals } from '../bus/signals.ts';
import type { Hub } from '../hub/hub.ts';
import type { User } from '../store/store.ts';
import type { LinkShare } from './link-share.ts';

const TYPING = {
  /** Who types gathers for so long in a thread, in ms, and so much longer for each who hears it: many hear it more rarely. */
  gatherMs: 300,
  msPerHearer: 4,
  gatherMaxMs: 5_000,
  /** People that one frame names, and people and threads that are remembered; those beyond are not told. */
  named: 5,
  peopleMax: 10_000,
  threadsMax: 2_000,
} as const;

const Body = z.object({ user: z.int().positive(), name: z.string().max(LIMITS.userNameChars * 2) });

export interface TypingParts {
  readonly signals: Signals;
  readonly share: LinkShare;
  readonly hub: Pick<Hub, 'audienceOf' | 'whisper'>;
}

/** Tells those in a thread who is typing there. It is stored nowhere, and where the link is busy it is left out. */
export class Typing {
  readonly #parts: TypingParts;
  /** When a user was last told of in a thread, in ms of the process's clock; by `user/thread`, the oldest first. */
  readonly #toldAt = new Map<string, number>();
  /** Names by user, of those who type in a thread. */
  readonly #gathering = new Map<number, { readonly names: Map<number, string>; readonly timer: Timer }>();

  constructor(parts: TypingParts) {
    this.#parts = parts;
    parts.signals.on('typing', Body, ({ user, name }, thread) => {
      if (thread !== undefined) this.#hear(thread, user, name);
    });
  }

  /** The user, who may post there, is typing. Said again within `LIMITS.typingSeconds`, it is not told again. */
  types({ id, name }: User, thread: number): void {
    const now = performance.now();
    const key = `${id}/${thread}`;
    for (const [oldest, at] of this.#toldAt) {
      if (now - at < LIMITS.typingSeconds * 1_000) break;
      this.#toldAt.delete(oldest);
    }
    if (this.#toldAt.has(key) || this.#toldAt.size >= TYPING.peopleMax) return;
    this.#toldAt.set(key, now);
    this.#parts.signals.send('typing', { user: id, name }, thread);
  }

  stop(): void {
    for (const { timer } of this.#gathering.values()) clearTimeout(timer);
  }

  #hear(thread: number, user: number, name: string): void {
    const hearers = this.#parts.hub.audienceOf(thread);
    if (hearers === 0) return;
    const present = this.#gathering.get(thread);
    if (!present && this.#gathering.size >= TYPING.threadsMax) return;
    const wait = Math.min(TYPING.gatherMaxMs, TYPING.gatherMs + hearers * TYPING.msPerHearer);
    const { names } = present ?? this.#gather(thread, wait);
    if (names.size < TYPING.named) names.set(user, name);
  }

  #gather(thread: number, wait: number) {
    const gathered = {
      names: new Map<number, string>(),
      timer: setTimeout(() => this.#tell(thread), wait),
    };
    this.#gathering.set(thread, gathered);
    return gathered;
  }

  #tell(thread: number): void {
    const { hub, share } = this.#parts;
    const names = this.#gathering.get(thread)?.names;
    this.#gathering.delete(thread);
    if (!names || !share.isFree) return;
    const frame = JSON.stringify({ op: 'typists', t: thread, u: [...names] });
    share.spend(Buffer.byteLength(frame), hub.audienceOf(thread));
    hub.whisper(thread, frame);
  }
}
