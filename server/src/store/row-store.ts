import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import type { Kysely } from 'kysely';
import type { ChangeName, Changes } from './changes.ts';
import { QUERIES } from './queries.ts';
import type { Step } from './records.ts';
import { toMessage } from './rows.ts';
import type { Reads } from './statement.ts';
import type {
  Appended,
  Changed,
  ChangeRequest,
  Classroom,
  ClassroomOfMember,
  FilesPage,
  HistoryPage,
  Member,
  Membership,
  MessageDraft,
  NewerPage,
  Reading,
  Store,
  Thread,
  ThreadInClass,
  ThreadOfReader,
  UnreadThread,
  User,
} from './store.ts';
import type { Tables } from './tables.ts';

/** What an engine carries out: each wholly or not at all, and durably when its promise resolves. */
export interface Writes {
  append(draft: MessageDraft): Promise<Appended>;
  change<N extends ChangeName>(name: N, input: Parameters<Changes[N]>[0]): Promise<ReturnType<Changes[N]>>;
  /** See `Records.atomically`. */
  steps(steps: readonly CompiledStep[]): Promise<Record<string, unknown>[][]>;
}

/** A `Step` as text and parameters. */
export interface CompiledStep {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly expect?: Step['expect'];
}

export interface RowStoreParts {
  readonly epoch: string;
  readonly db: Kysely<Tables>;
  readonly reads: Reads;
  readonly writes: Writes;
}

/** The store over an engine that reads rows and writes changes. */
export abstract class RowStore implements Store {
  readonly epoch: string;
  readonly db: Kysely<Tables>;
  readonly #reads: Reads;
  readonly #writes: Writes;

  constructor({ epoch, db, reads, writes }: RowStoreParts) {
    this.epoch = epoch;
    this.db = db;
    this.#reads = reads;
    this.#writes = writes;
  }

  abstract close(): Promise<void>;

  async classroom(id: number): Promise<Classroom | undefined> {
    return this.#reads.get(QUERIES.classroom, { id });
  }

  async classroomByCode(code: string): Promise<Classroom | undefined> {
    return this.#reads.get(QUERIES.classroomByCode, { code });
  }

  async classroomsOf(user: number): Promise<ClassroomOfMember[]> {
    return this.#reads.all(QUERIES.classroomsOf, { user });
  }

  createClassroom(draft: Parameters<Store['createClassroom']>[0]): Promise<Classroom> {
    return this.#writes.change('createClassroom', draft);
  }

  async user(id: number): Promise<User | undefined> {
    return this.#reads.get(QUERIES.user, { id });
  }

  async membership(user: number, classroom: number): Promise<Membership | undefined> {
    return this.#reads.get(QUERIES.membership, { user, classroom });
  }

  async membersOf(classroom: number, page: { after: number; limit: number }): Promise<Member[]> {
    return this.#reads.all(QUERIES.membersOf, { classroom, ...page });
  }

  async countMembers(classroom: number): Promise<number> {
    return (await this.#reads.get(QUERIES.countMembers, { classroom }))?.count ?? 0;
  }

  async addMember(member: Parameters<Store['addMember']>[0]): Promise<void> {
    await this.#writes.change('addMember', member);
  }

  async thread(id: number): Promise<ThreadInClass | undefined> {
    return this.#reads.get(QUERIES.thread, { id });
  }

  async threadsOf(classroom: number, user: number): Promise<ThreadOfReader[]> {
    const pinned = await this.#reads.all(QUERIES.pinnedThreadsOf, { classroom, user });
    const limit = LIMITS.listMax - pinned.length;
    return [...pinned, ...(await this.#reads.all(QUERIES.threadsOf, { classroom, user, limit }))];
  }

  createThread(draft: Parameters<Store['createThread']>[0]): Promise<Thread> {
    return this.#writes.change('createThread', draft);
  }

  appendMessage(draft: MessageDraft): Promise<Appended> {
    return this.#writes.append(draft);
  }

  changeMessage(request: ChangeRequest): Promise<Changed> {
    return this.#writes.change('changeMessage', request);
  }

  async forgetChanges(before: number): Promise<void> {
    while ((await this.#writes.change('forgetChanges', { before })) > 0);
  }

  async purgeThreads(): Promise<void> {
    while ((await this.#writes.change('purgeThreads', null)) > 0);
  }

  async markRead(mark: Parameters<Store['markRead']>[0]): Promise<void> {
    await this.#writes.change('markRead', mark);
  }

  async unreadOf(user: number): Promise<UnreadThread[]> {
    return this.#reads.all(QUERIES.unreadOf, { user });
  }

  async reading(user: number, thread: number): Promise<Reading> {
    return (
      (await this.#reads.get(QUERIES.reading, { user, thread })) ?? { unread: 0, mentions: 0, read: null }
    );
  }

  async message(id: number): Promise<Message | undefined> {
    const row = await this.#reads.get(QUERIES.message, { id });
    return row && toMessage(row);
  }

  async history(thread: number, page: { before?: number; limit: number }): Promise<HistoryPage> {
    const before = page.before ?? Number.MAX_SAFE_INTEGER;
    const rows = await this.#reads.all(QUERIES.history, { thread, before, limit: page.limit + 1 });
    const more = rows.length > page.limit;
    return { messages: rows.slice(0, page.limit).reverse().map(toMessage), more };
  }

  async filesOf(thread: number, { pictures, before, limit }: FilesPage): Promise<HistoryPage> {
    const query = pictures ? QUERIES.picturesOf : QUERIES.filesOf;
    const values = { thread, before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
    const rows = await this.#reads.all(query, values);
    return { messages: rows.slice(0, limit).map(toMessage), more: rows.length > limit };
  }

  async historyFrom(thread: number, { from, limit }: { from: number; limit: number }): Promise<NewerPage> {
    const rows = await this.#reads.all(QUERIES.historyFrom, { thread, from, limit: limit + 1 });
    return { messages: rows.slice(0, limit).map(toMessage), more: rows.length > limit };
  }

  /** By halves, since ids and times grow together: some 30 look-ups however long the thread is. */
  async messageAt(thread: number, date: number): Promise<number | undefined> {
    const ends = await this.#reads.get(QUERIES.ends, { thread });
    if (typeof ends?.first !== 'number' || typeof ends.last !== 'number') return undefined;
    let [low, high] = [ends.first, ends.last + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await this.#reads.get(QUERIES.dateFrom, { thread, from: middle });
      if (found && (found.date ?? 0) < date) low = found.id + 1;
      else high = middle;
    }
    // The ids between are other threads'.
    return (await this.#reads.get(QUERIES.dateFrom, { thread, from: low }))?.id;
  }

  async changesSince(thread: number, after: number, limit: number): Promise<Message[]> {
    return (await this.#reads.all(QUERIES.changesSince, { thread, after, limit })).map(toMessage);
  }

  atomically(steps: readonly Step[]): Promise<Record<string, unknown>[][]> {
    const compiled = steps.map(({ query, expect }) => {
      const { sql, parameters } = query.compile();
      return { sql, parameters, ...(expect && { expect }) };
    });
    return this.#writes.steps(compiled);
  }
}
