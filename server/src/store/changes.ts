import { LIMITS } from '@pokers/protocol/limits';
import type { Message } from '@pokers/protocol/message';
import type { Role } from '@pokers/protocol/rights';
import type { AccountChanges } from '../accounts/account-store.ts';
import { PokersError } from '../errors.ts';
import { ACCOUNT_CHANGES, ACCOUNT_STATEMENTS } from './account-changes.ts';
import { AUDIT_INSERT, type AuditEntry, noteEntries } from './audit.ts';
import { applyChange } from './message-change.ts';
import { QUERIES } from './queries.ts';
import { countedUnder, type MessageRow, toColumns, toMessage } from './rows.ts';
import { one, run, type Steps, statement } from './statement.ts';
import type { Changed, ChangeRequest, Classroom, ClassroomDraft, Thread } from './store.ts';

/** All changes but posts, which each engine stores in a way of its own. */
export interface Changes extends AccountChanges {
  /** A change of an account and its entries in the audit log; no entries where it answers false: nothing was changed. */
  audited(request: { name: keyof AccountChanges; input: unknown; entries: readonly AuditEntry[] }): unknown;
  changeMessage(request: ChangeRequest): Changed;
  /** Forgets the nonces of changes that are older than this, a bounded number at a time. @returns how many */
  forgetChanges(request: { before: number }): number;
  /** Removes what deleted threads held, a bounded number of messages at a time. @returns how many */
  purgeThreads(nothing: null): number;
  markRead(mark: { user: number; thread: number; message: number; number: number }): null;
  createClassroom(draft: ClassroomDraft): Classroom;
  addMember(member: { user: number; classroom: number; role: Role; date: number }): null;
  createThread(draft: { classroom: number; name: string; creator: number; date: number }): Thread;
}

export type ChangeName = keyof Changes;

/** As steps for whichever engine carries them out. */
export const CHANGES: {
  readonly [N in ChangeName]: (input: Parameters<Changes[N]>[0]) => Steps<ReturnType<Changes[N]>>;
} = {
  ...ACCOUNT_CHANGES,

  *audited({ name, input, entries }) {
    // `AccountStore.change` types name and input together; what travels between threads cannot carry that.
    const change = ACCOUNT_CHANGES[name] as (input: unknown) => Steps<unknown>;
    const answer = yield* change(input);
    if (answer !== false) yield* noteEntries(entries);
    return answer;
  },

  *changeMessage(request) {
    const { message: id, by, change, date, nonce } = request;
    const row = yield* one(sql.message, { id });
    if (!row) throw new PokersError('message_not_found');
    const message = toMessage(row);
    if (nonce !== undefined && (yield* isDone({ ...request, nonce }))) return { message, fresh: false };
    const different = applyChange(message, change, by, date);
    if (nonce !== undefined)
      yield* run(sql.insertChange, { speaker: by, nonce, message: id, kind: change.kind, date });
    if (!different) return { message, fresh: false };
    // Changes of one thread follow one another from here on, so that pins are counted one after the other.
    const next = yield* one(sql.nextSeq, { thread: message.thread });
    if (!next) throw new PokersError('thread_not_found');
    if (different.pinned) yield* refuseManyPins(message.thread);
    const changed = { ...message, ...different, seq: next.seq };
    yield* run(sql.updateMessage, toColumns(changed));
    yield* moveMentions(message, changed);
    if (request.entry) yield* noteEntries([request.entry]);
    return { message: changed, fresh: true };
  },

  forgetChanges: ({ before }) => run(sql.forgetChanges, { before }),
  purgeThreads: () => run(sql.purgeThreads, {}),

  *markRead(mark) {
    yield* run(sql.markRead, mark);
    return null;
  },

  *createClassroom({ name, description, code, head, date }) {
    const row = yield* one(sql.insertClass, { name, description, code, date });
    if (!row) throw new Error('the inserted class was not returned');
    yield* run(sql.insertMember, { classroom: row.id, user: head, role: 'head', date });
    return row;
  },

  *addMember({ classroom, user, role, date }) {
    yield* run(sql.insertMember, { classroom, user, role, date });
    return null;
  },

  *createThread({ classroom, name, creator, date }) {
    if (!(yield* one(sql.classExists, { classroom }))) throw new PokersError('class_not_found');
    const row = yield* one(sql.insertThread, { classroom, name, creator, date });
    if (!row) throw new Error('the inserted thread was not returned');
    return row;
  },
};

/** Whether the speaker used this nonce before, and it was for the same. @throws nonce_conflict */
function* isDone({ by: speaker, nonce, message, change }: ChangeRequest & { nonce: string }): Steps<boolean> {
  const earlier = yield* one(sql.byChangeNonce, { speaker, nonce });
  const isOther = earlier && (earlier.message !== message || earlier.kind !== change.kind);
  if (isOther || (!earlier && (yield* one(sql.byNonce, { speaker, nonce }))))
    throw new PokersError('nonce_conflict');
  return earlier !== undefined;
}

/** Those who are mentioned no more, and those who are now. */
function* moveMentions(before: Message, after: Message): Steps<void> {
  if (before.mentions === after.mentions) return;
  const { thread, number } = after;
  const [were, are] = [countedUnder(before.mentions), countedUnder(after.mentions)];
  for (const user of were) {
    if (!are.includes(user)) yield* run(sql.forgetMention, { user, thread, number });
  }
  for (const user of are) {
    if (!were.includes(user)) yield* run(sql.insertMention, { user, thread, number });
  }
}

function* refuseManyPins(thread: number): Steps<void> {
  if (((yield* one(sql.countPins, { thread }))?.pins ?? 0) < LIMITS.pinsPerThread) return;
  throw new PokersError('limit_reached', `at most ${LIMITS.pinsPerThread} pinned messages in a thread`);
}

/** Nonces or messages that are removed in one job, so that none takes long. */
const FORGET_AT_ONCE = 1_000;

const sql = {
  message: statement<MessageRow>(QUERIES.message.text, { locks: true }),
  byNonce: statement<{ id: number }>('select id from messages where nonce = $nonce and speaker = $speaker'),
  nextSeq: statement<{ seq: number }>('update threads set seq = seq + 1 where id = $thread returning seq'),
  updateMessage: statement(
    `update messages set seq = $seq, content = $content, edited = $edited, deleted = $deleted, pinned = $pinned,
       reactions = $reactions, mentions = $mentions, img_url = $img_url, file_url = $file_url,
       file_name = $file_name, file_size = $file_size, picture = $picture where id = $id`,
  ),
  countPins: statement<{ pins: number }>(
    'select count(*) as pins from messages where thread = $thread and pinned is not null',
  ),
  byChangeNonce: statement<{ message: number; kind: string }>(
    'select message, kind from changes where nonce = $nonce and speaker = $speaker',
  ),
  insertChange: statement(
    'insert into changes (speaker, nonce, message, kind, date) values ($speaker, $nonce, $message, $kind, $date)',
  ),
  forgetChanges: statement(
    `delete from changes where (speaker, nonce) in
       (select speaker, nonce from changes where date < $before limit ${FORGET_AT_ONCE})`,
  ),
  purgeThreads: statement(
    `delete from messages where id in
       (select m.id from threads t join messages m on m.thread = t.id where t.deleted is not null
        limit ${FORGET_AT_ONCE})`,
  ),
  markRead: statement(
    `insert into reads (user_id, thread, number, message) values ($user, $thread, $number, $message)
     on conflict (user_id, thread) do update set number = excluded.number, message = excluded.message
     where reads.number < excluded.number`,
  ),
  insertMention: statement(
    `insert into mentions (user_id, thread, number) values ($user, $thread, $number) on conflict do nothing`,
  ),
  forgetMention: statement(
    'delete from mentions where user_id = $user and thread = $thread and number = $number',
  ),
  insertClass: statement<Classroom>(
    `insert into classes (name, description, code, date) values ($name, $description, $code, $date)
     returning id, name, description, code, joining, threads_by, picture, archived`,
  ),
  classExists: statement<{ id: number }>('select id from classes where id = $classroom'),
  insertMember: statement(
    `insert into members (class_id, user_id, role, date) values ($classroom, $user, $role, $date)
     on conflict do nothing`,
  ),
  insertThread: statement<Thread>(
    `insert into threads (class_id, name, creator, date) values ($classroom, $name, $creator, $date)
     returning id, class_id as class, name, creator, date, seq, messages, last, pinned, read_only, archived`,
  ),
};

/** For engines that make their statements ready beforehand. */
export const CHANGE_STATEMENTS = [...Object.values(sql), AUDIT_INSERT, ...ACCOUNT_STATEMENTS];
