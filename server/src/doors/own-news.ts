import type { Seen, Starred } from '@pokers/protocol/v2';
import { z } from 'zod';
import type { Signals } from '../bus/signals.ts';
import type { Connection } from '../hub/connection.ts';

type News = Seen | Starred;

/** How long news gather, in ms, before all connections are gone through once for all of them. */
const GATHER_MS = 200;

/** Users who can have news at the same time, and news of one of them; what is beyond is not told: a client asks anew when it opens. */
const USERS_MAX = 10_000;
const NEWS_MAX = 100;

const Body = z.object({ from: z.string(), user: z.int(), frame: z.looseObject({ op: z.string() }) });

/** What waits for a user: frames, and from which connection each came, which knows it already. */
type Waiting = Map<string, { readonly frame: string; readonly except: Connection | undefined }>;

/** Tells a user's other connections, on every process, what one of them has done that concerns nobody else. */
export class OwnNews {
  readonly #signals: Signals;
  readonly #open: () => Iterable<Connection>;
  readonly #process = crypto.randomUUID();
  readonly #waiting = new Map<number, Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ signals, open }: { signals: Signals; open: () => Iterable<Connection> }) {
    this.#signals = signals;
    this.#open = open;
    signals.on('own-news', Body, ({ from, user, frame }) => {
      if (from !== this.#process) this.#add(user, frame as unknown as News, undefined);
    });
  }

  /** @param by the connection on which it was done; undefined over HTTP */
  tell(user: number, frame: News, by?: Connection): void {
    this.#add(user, frame, by);
    this.#signals.send('own-news', { from: this.#process, user, frame });
  }

  #add(user: number, frame: News, except: Connection | undefined): void {
    if (!this.#waiting.has(user) && this.#waiting.size >= USERS_MAX) return;
    const waiting: Waiting = this.#waiting.get(user) ?? new Map();
    // Only the latest of the same thread, or of the same message, is news.
    const key = `${frame.op}/${frame.op === 'seen' ? frame.thread : frame.message}`;
    if (!waiting.has(key) && waiting.size >= NEWS_MAX) return;
    waiting.set(key, { frame: JSON.stringify(frame), except });
    this.#waiting.set(user, waiting);
    this.#timer ??= setTimeout(() => this.#send(), GATHER_MS);
  }

  #send(): void {
    this.#timer = undefined;
    for (const connection of this.#open()) {
      const waiting =
        connection.greeted && connection.user ? this.#waiting.get(connection.user.id) : undefined;
      for (const { frame, except } of waiting?.values() ?? [])
        if (connection !== except) connection.send(frame);
    }
    this.#waiting.clear();
  }
}
