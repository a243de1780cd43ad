import { EVERYONE, type Message } from '@pokers/protocol/message';
import { z } from 'zod';
import type { Signals } from '../bus/signals.ts';
import type { Connection } from '../hub/connection.ts';
import { countedUnder } from '../store/rows.ts';
import type { LinkShare } from './link-share.ts';
import { Rounds } from './rounds.ts';

export const NEWS = {
  /** News gather for so long after a quiet moment, in ms, and then for so long from one round to the next. */
  soonMs: 100,
  everyMs: 1_500,
  /** Threads of which one process tells the others in one round; those beyond are not told until something is posted again. */
  threadsMax: 2_000,
  /** Mentions in one thread in one round that are told of; those beyond are counted when the list of threads is asked for. */
  mentionsMax: 200,
  /** Connections that are looked at before others get their turn. */
  atOnce: 1_000,
} as const;

const id = z.int().positive();
const users = z.array(z.int().nonnegative()).max(NEWS.mentionsMax);
const posted = z.tuple([id, id, z.int().positive(), users]);
const Body = z.array(posted).max(NEWS.threadsMax);

/** What was posted: class, thread, how many messages the thread has now, and under whom their mentions count. */
type Posted = z.infer<typeof posted>;

export interface NewsParts {
  readonly signals: Signals;
  readonly share: LinkShare;
  readonly open: () => Iterable<Connection>;
  readonly onError: (error: unknown) => void;
}

/**
 * Tells connections that watch their classes how many messages threads have that they have not joined, so that unread
 * counts change without asking. A post costs one entry in a table; each process tells the others once a round, and each
 * connection gets one frame a round at most. Whoever misses one finds the number in the next, or in the list of threads.
 */
export class News {
  readonly #parts: NewsParts;
  /** Posted here, and not told to the others yet; posted anywhere, and not told to connections here. By thread. */
  readonly #unsaid = new Map<number, Posted>();
  readonly #fresh = new Map<number, Posted>();
  readonly #saying: Rounds;
  readonly #telling: Rounds;

  constructor(parts: NewsParts) {
    this.#parts = parts;
    const { soonMs, everyMs } = NEWS;
    const { onError, share, signals } = parts;
    this.#saying = new Rounds({ soonMs, everyMs, may: () => true, run: () => this.#say(), onError });
    this.#telling = new Rounds({
      soonMs,
      everyMs,
      may: () => share.isFree,
      run: () => this.#tell(),
      onError,
    });
    signals.on('news', Body, (all) => this.#hear(all));
  }

  /** A message was posted by this process. */
  posted({ class: classroom, thread, number, mentions }: Message): void {
    note(this.#unsaid, [classroom, thread, number, [...countedUnder(mentions)]]);
    this.#saying.want();
  }

  stop(): void {
    this.#saying.stop();
    this.#telling.stop();
  }

  #say(): void {
    this.#parts.signals.send('news', [...this.#unsaid.values()]);
    this.#unsaid.clear();
  }

  #hear(all: readonly Posted[]): void {
    for (const each of all) note(this.#fresh, each);
    this.#telling.want();
  }

  async #tell(): Promise<void> {
    const byClass = Map.groupBy(this.#fresh.values(), ([classroom]) => classroom);
    this.#fresh.clear();
    const connections = [...this.#parts.open()];
    while (connections.length > 0) {
      for (const connection of connections.splice(-NEWS.atOnce)) this.#tellOne(connection, byClass);
      await Bun.sleep(0);
    }
  }

  /** Of a thread that it joined, a connection hears in the thread itself. */
  #tellOne(connection: Connection, byClass: ReadonlyMap<number, readonly Posted[]>): void {
    const { watching, threads, user } = connection;
    if (!watching?.classes) return;
    const isMine = (mentioned: number): boolean => mentioned === user?.id || mentioned === EVERYONE;
    const news = watching.classes
      .flatMap((classroom) => byClass.get(classroom) ?? [])
      .filter(([, thread]) => !threads.includes(thread))
      .map(([classroom, thread, messages, mentions]) => [
        classroom,
        thread,
        messages,
        mentions.filter(isMine).length,
      ]);
    if (news.length === 0) return;
    const frame = JSON.stringify({ op: 'news', threads: news });
    connection.send(frame);
    this.#parts.share.spend(frame.length);
  }
}

/** Posts of one thread may come in another order than they were stored in. */
function note(table: Map<number, Posted>, posted: Posted): void {
  const [classroom, thread, messages, mentions] = posted;
  const known = table.get(thread);
  if (!known && table.size >= NEWS.threadsMax) return;
  const [, , before = 0, mentionedBefore = []] = known ?? [];
  const mentioned = [...mentionedBefore, ...mentions].slice(0, NEWS.mentionsMax);
  table.set(thread, [classroom, thread, Math.max(before, messages), mentioned]);
}
