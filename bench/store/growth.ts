import type { Database } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inThread } from '@pokers/server/chat/access';
import type { Chat } from '@pokers/server/chat/chat';
import { postMessage } from '@pokers/server/chat/post-message';
import { readHistory } from '@pokers/server/chat/read-history';
import { resume } from '@pokers/server/chat/resume';
import { openForWriting } from '@pokers/server/store/sqlite/database';
import type { User } from '@pokers/server/store/store';
import { startClock } from './clock.ts';
import type { Options } from './options.ts';
import { makeTown, nonceOf, openStore, personNumbered, type Size, TEXT } from './town.ts';

/** The first case's database is what the others are compared with. */
export interface GrowthCase extends Size {
  readonly name: string;
  readonly title: string;
  /** Whether everything happens in one thread, or all over them. */
  readonly spread: boolean;
}

/** What one operation costs in a database, on average over a run. */
export interface Cost {
  readonly cpuUs: number;
  readonly wallUs: number;
}

export type Costs = Readonly<Record<OperationName, Cost>>;

/** A database that is being measured. It stays open, with its writer thread, until all runs are over. */
export interface Subject {
  readonly about: GrowthCase;
  readonly chat: Chat;
  /** To bring what was posted from the log into the database file. */
  readonly db: Database;
  /** Counts what was done, so that each run goes on where the last one ended. */
  turn: number;
  close(): Promise<void>;
}

const SMALL = 1_000;
const CLASSES = 1_000;
const AT_ONCE = 16;
const PAGE = 50;
const BEHIND = 20;

/** Where in the history older messages are read: every thread has more than a page before that. */
const OLDER = 0.75;

export function growthCases({ messages, threads }: Options): readonly GrowthCase[] {
  const one = { messages, threads: 1, classes: 1, nonces: 'timed', spread: false } as const;
  const [much, many] = [messages.toLocaleString('en'), threads.toLocaleString('en')];
  return [
    { ...one, name: 'small', title: '1,000 messages, 1 thread, 1 class', messages: SMALL },
    { ...one, name: 'long', title: `${much} messages, 1 thread` },
    { ...one, name: 'threads', title: `${much} messages, ${many} threads, in one of them`, threads },
    {
      ...one,
      name: 'classes',
      title: `${much} messages, ${many} threads, ${CLASSES.toLocaleString('en')} classes, in one thread`,
      threads,
      classes: CLASSES,
    },
    {
      ...one,
      name: 'spread',
      title: `${much} messages, ${many} threads, each time in another one`,
      threads,
      spread: true,
    },
    { ...one, name: 'random', title: `${much} messages, 1 thread, nonces without time`, nonces: 'random' },
  ];
}

/** Operations, in the order of the table. */
export const OPERATIONS = [
  { name: 'post16', title: 'post, 16 at once', perform: (subject) => postTogether(subject, AT_ONCE) },
  { name: 'post1', title: 'post, alone', perform: (subject) => postTogether(subject, 1) },
  {
    name: 'join',
    title: 'join',
    async perform({ chat }, user, thread) {
      await inThread(chat, user, 'listen', thread);
      await chat.store.thread(thread); // as the door does, when the join has taken effect
    },
  },
  {
    name: 'newest',
    title: 'history, newest 50',
    perform: ({ chat }, user, thread) => readHistory(chat, user, { thread, limit: PAGE }),
  },
  {
    name: 'older',
    title: 'history, 50 older',
    perform: ({ chat, about }, user, thread) =>
      readHistory(chat, user, { thread, before: Math.ceil(about.messages * OLDER), limit: PAGE }),
  },
  {
    name: 'resume',
    title: 'resume, 20 behind',
    perform: ({ chat, about }, user, thread) =>
      resume(chat, user, { thread, after: about.messages / about.threads - BEHIND, limit: BEHIND }),
  },
] as const satisfies readonly Operation[];

export type OperationName = (typeof OPERATIONS)[number]['name'];

interface Operation {
  readonly name: string;
  readonly title: string;
  perform(subject: Subject, user: User, thread: number): Promise<unknown>;
}

/** Fills a database and opens it. */
export async function openSubject(about: GrowthCase, scratch: string): Promise<Subject> {
  const folder = join(scratch, about.name);
  mkdirSync(folder);
  await makeTown(folder, about);
  const { store } = await openStore(folder);
  const db = openForWriting(folder);
  return {
    about,
    chat: {
      store,
      bus: { publish() {}, follow() {}, unfollow() {}, listen() {}, async close() {} },
      now: () => Math.floor(Date.now() / 1000),
    },
    db,
    turn: 0,
    async close() {
      db.close();
      await store.close();
    },
  };
}

/** One run: every operation in one database after the other, forwards and backwards in turn. */
export async function measureGrowth(subjects: readonly Subject[], options: Options): Promise<Costs[]> {
  const costs = subjects.map((): Partial<Record<OperationName, Cost>> => ({}));
  for (const operation of OPERATIONS) {
    const meters = await measureOperation(operation, subjects, options);
    for (const [index, meter] of meters.entries()) {
      const cost = costs[index];
      if (cost) cost[operation.name] = meter.average();
    }
  }
  return costs as Costs[];
}

async function measureOperation(
  operation: Operation & { readonly name: OperationName },
  subjects: readonly Subject[],
  { posts, reads }: Options,
): Promise<Meter[]> {
  const { name, perform } = operation;
  const atOnce = name === 'post16' ? AT_ONCE : 1;
  const isPost = name === 'post16' || name === 'post1';
  const rounds = name === 'post16' ? posts / AT_ONCE : reads;
  const metered = subjects.map((subject) => ({ subject, meter: new Meter() }));
  for (let round = 0; round < rounds; round++) {
    for (const { subject, meter } of round % 2 === 0 ? metered : metered.toReversed()) {
      // A commit empties the reading connection's page cache, and in a server that is used there is always one.
      if (!isPost) await postTogether(subject, 1);
      const [user, thread] = next(subject);
      await meter.add(atOnce, () => perform(subject, user, thread));
    }
  }
  // What it takes to bring the posts from the log into the database file is part of what they cost.
  for (const { subject, meter } of metered) {
    const checkpoint = () => subject.db.run('pragma wal_checkpoint(passive)');
    if (isPost) await meter.add(0, checkpoint);
    else checkpoint();
  }
  return metered.map(({ meter }) => meter);
}

class Meter {
  #count = 0;
  #cpuUs = 0;
  #wallMs = 0;

  /** @param count how many operations the work is */
  async add(count: number, work: () => unknown): Promise<void> {
    const clock = startClock();
    await work();
    this.#wallMs += clock.wallMs();
    this.#cpuUs += clock.cpuUs();
    this.#count += count;
  }

  average(): Cost {
    return { cpuUs: this.#cpuUs / this.#count, wallUs: (this.#wallMs * 1000) / this.#count };
  }
}

function postTogether(subject: Subject, count: number): Promise<unknown> {
  return Promise.all(
    Array.from({ length: count }, () => {
      const [user, thread] = next(subject);
      const nonce = nonceOf(subject.about.nonces);
      return postMessage(subject.chat, user, { thread, content: TEXT, nonce });
    }),
  );
}

/** Someone, and a thread in which something happens, as good as random: multiplicative hashes of the turn. */
function next(subject: Subject): [user: User, thread: number] {
  const { spread, threads } = subject.about;
  const turn = subject.turn++;
  const user = personNumbered(Math.imul(turn, 2654435761) >>> 16);
  return [user, spread ? 1 + ((Math.imul(turn, 2246822519) >>> 8) % threads) : 1];
}
