import type { Database, Statement } from 'bun:sqlite';
import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import { Kysely } from 'kysely';
import type { Step } from '../records.ts';
import type {
  Appended,
  Changed,
  ChangeRequest,
  Classroom,
  ClassroomOfMember,
  HistoryPage,
  Member,
  Membership,
  MessageDraft,
  Store,
  Thread,
  ThreadInClass,
  ThreadOfReader,
  User,
} from '../store.ts';
import type { Tables } from '../tables.ts';
import type { ChangeName, Changes } from './changes.ts';
import { type MessageRow, toMessage } from './rows.ts';
import type { Writer } from './writer.ts';
import { writerDialect } from './writer-dialect.ts';

/** Reads on a connection of its own, in the caller's thread; changes on the writer's. */
export class SqliteStore implements Store {
  readonly epoch: string;
  readonly db: Kysely<Tables>;
  readonly #writer: Writer;
  readonly #db: Database;
  readonly #sql: ReturnType<typeof prepareStatements>;

  /** @param reader a connection of `openForReading`, which the store closes when it is closed */
  constructor(reader: Database, writer: Writer) {
    this.#writer = writer;
    this.#db = reader;
    this.db = new Kysely<Tables>({ dialect: writerDialect(writer, reader) });
    this.#sql = prepareStatements(this.#db);
    this.epoch =
      this.#db.query<{ value: string }, []>("select value from meta where key = 'epoch'").get()?.value ?? '';
  }

  async classroom(id: number): Promise<Classroom | undefined> {
    return this.#sql.classroom.get({ id }) ?? undefined;
  }

  async classroomByCode(code: string): Promise<Classroom | undefined> {
    return this.#sql.classroomByCode.get({ code }) ?? undefined;
  }

  async classroomsOf(user: number): Promise<ClassroomOfMember[]> {
    return this.#sql.classroomsOf.all({ user });
  }

  createClassroom(draft: Parameters<Store['createClassroom']>[0]): Promise<Classroom> {
    return this.#change('createClassroom', draft);
  }

  async user(id: number): Promise<User | undefined> {
    return this.#sql.user.get({ id }) ?? undefined;
  }

  async membership(user: number, classroom: number): Promise<Membership | undefined> {
    return this.#sql.membership.get({ user, classroom }) ?? undefined;
  }

  async membersOf(classroom: number, page: { after: number; limit: number }): Promise<Member[]> {
    return this.#sql.membersOf.all({ classroom, ...page });
  }

  async countMembers(classroom: number): Promise<number> {
    return this.#sql.countMembers.get({ classroom })?.count ?? 0;
  }

  async addMember(member: Parameters<Store['addMember']>[0]): Promise<void> {
    await this.#change('addMember', member);
  }

  async thread(id: number): Promise<ThreadInClass | undefined> {
    return this.#sql.thread.get({ id }) ?? undefined;
  }

  async threadsOf(classroom: number, user: number): Promise<ThreadOfReader[]> {
    const pinned = this.#sql.pinnedThreadsOf.all({ classroom, user });
    const others = this.#sql.threadsOf.all({ classroom, user, limit: LIMITS.listMax - pinned.length });
    return [...pinned, ...others];
  }

  createThread(draft: Parameters<Store['createThread']>[0]): Promise<Thread> {
    return this.#change('createThread', draft);
  }

  appendMessage(draft: MessageDraft): Promise<Appended> {
    return this.#writer.run({ kind: 'append', draft }) as Promise<Appended>;
  }

  changeMessage(request: ChangeRequest): Promise<Changed> {
    return this.#change('changeMessage', request);
  }

  async forgetChanges(before: number): Promise<void> {
    while ((await this.#change('forgetChanges', { before })) > 0);
  }

  async purgeThreads(): Promise<void> {
    while ((await this.#change('purgeThreads', null)) > 0);
  }

  async markRead(mark: Parameters<Store['markRead']>[0]): Promise<void> {
    await this.#change('markRead', mark);
  }

  async unread(user: number, thread: number): Promise<number> {
    return this.#sql.unread.get({ user, thread })?.unread ?? 0;
  }

  async message(id: number): Promise<Message | undefined> {
    const row = this.#sql.message.get({ id });
    return row ? toMessage(row) : undefined;
  }

  async history(thread: number, page: { before?: number; limit: number }): Promise<HistoryPage> {
    const before = page.before ?? Number.MAX_SAFE_INTEGER;
    const rows = this.#sql.history.all({ thread, before, limit: page.limit + 1 });
    const more = rows.length > page.limit;
    return { messages: rows.slice(0, page.limit).reverse().map(toMessage), more };
  }

  async changesSince(thread: number, after: number, limit: number): Promise<Message[]> {
    return this.#sql.changesSince.all({ thread, after, limit }).map(toMessage);
  }

  atomically(steps: readonly Step[]): Promise<Record<string, unknown>[][]> {
    const compiled = steps.map(({ query, expect }) => {
      const { sql, parameters } = query.compile();
      return { sql, parameters, ...(expect && { expect }) };
    });
    return this.#writer.run({ kind: 'steps', steps: compiled }) as Promise<Record<string, unknown>[][]>;
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#db.close();
  }

  #change<N extends ChangeName>(name: N, input: Parameters<Changes[N]>[0]): Promise<ReturnType<Changes[N]>> {
    return this.#writer.run({ kind: 'change', name, input }) as Promise<ReturnType<Changes[N]>>;
  }
}

const CLASS = 'id, name, description, code, joining, threads_by, picture, archived';
const THREAD = `t.id, t.class_id as class, t.name, t.creator, t.date, t.seq, t.messages, t.last, t.pinned,
  t.read_only, t.archived`;

function prepareStatements(db: Database) {
  const query = <Row>(text: string): Statement<Row, [Record<string, string | number>]> => db.query(text);
  return {
    classroom: query<Classroom>(`select ${CLASS} from classes where id = $id`),
    classroomByCode: query<Classroom>(`select ${CLASS} from classes where code = $code`),
    classroomsOf: query<ClassroomOfMember>(
      `select c.*, m.role, m.muted_until,
         (select count(*) from members where class_id = c.id) as members
       from members m join (select ${CLASS} from classes) c on c.id = m.class_id
       where m.user_id = $user order by m.class_id desc limit ${LIMITS.listMax}`,
    ),
    user: query<User>('select id, name from users where id = $id and disabled is null'),
    membership: query<Membership>(
      'select role, muted_until from members where user_id = $user and class_id = $classroom',
    ),
    membersOf: query<Member>(
      `select u.id, u.name, m.role, m.muted_until from members m join users u on u.id = m.user_id
       where m.class_id = $classroom and m.user_id > $after order by m.user_id limit $limit`,
    ),
    countMembers: query<{ count: number }>(
      'select count(*) as count from members where class_id = $classroom',
    ),
    thread: query<ThreadInClass>(
      `select ${THREAD}, c.archived as class_archived from threads t join classes c on c.id = t.class_id
       where t.id = $id and t.deleted is null`,
    ),
    pinnedThreadsOf: query<ThreadOfReader>(
      `select ${THREAD}, messages - coalesce(reads.number, 0) as unread
       from threads t left join reads on reads.thread = t.id and reads.user_id = $user
       where class_id = $classroom and pinned is not null and deleted is null
       order by pinned desc limit ${LIMITS.listMax}`,
    ),
    threadsOf: query<ThreadOfReader>(
      `select ${THREAD}, messages - coalesce(reads.number, 0) as unread
       from threads t left join reads on reads.thread = t.id and reads.user_id = $user
       where class_id = $classroom and pinned is null and deleted is null
       order by coalesce(last, date) desc, id desc limit $limit`,
    ),
    unread: query<{ unread: number }>(
      `select messages - coalesce(reads.number, 0) as unread
       from threads left join reads on reads.thread = threads.id and reads.user_id = $user where id = $thread`,
    ),
    message: query<MessageRow>('select * from messages where id = $id'),
    history: query<MessageRow>(
      'select * from messages where thread = $thread and id < $before order by id desc limit $limit',
    ),
    changesSince: query<MessageRow>(
      'select * from messages where thread = $thread and seq > $after order by seq limit $limit',
    ),
  };
}
