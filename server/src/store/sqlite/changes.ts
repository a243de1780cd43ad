import type { Database, Statement } from 'bun:sqlite';
import { LIMITS } from '@pokers/protocol/limits';
import type { Role } from '@pokers/protocol/rights';
import type { AccountChanges } from '../../accounts/account-store.ts';
import { PokersError } from '../../errors.ts';
import type { Changed, ChangeRequest, Classroom, ClassroomDraft, Thread } from '../store.ts';
import { accountChanges } from './account-changes.ts';
import { applyChange } from './message-change.ts';
import { type MessageRow, toColumns, toMessage } from './rows.ts';

/**
 * The changes that the writer thread carries out, but for posts (`Appending`): each in a savepoint of the transaction that
 * it shares with others.
 */
export interface Changes extends AccountChanges {
  changeMessage(request: ChangeRequest): Changed;
  /** Forgets the nonces of changes that are older than this, a bounded number at a time. @returns how many */
  forgetChanges(request: { before: number }): number;
  /** Removes what deleted threads held, a bounded number of messages at a time. @returns how many */
  purgeThreads(nothing: null): number;
  markRead(mark: { user: number; thread: number; number: number }): null;
  createClassroom(draft: ClassroomDraft): Classroom;
  addMember(member: { user: number; classroom: number; role: Role; date: number }): null;
  createThread(draft: { classroom: number; name: string; creator: number; date: number }): Thread;
}

export type ChangeName = keyof Changes;

export function sqliteChanges(db: Database): Changes {
  const sql = prepareStatements(db);

  /** Whether the speaker used this nonce before, and it was for the same. @throws nonce_conflict */
  const isDone = ({ by: speaker, nonce, message, change }: ChangeRequest & { nonce: string }): boolean => {
    const earlier = sql.byChangeNonce.get({ speaker, nonce });
    const isOther = earlier && (earlier.message !== message || earlier.kind !== change.kind);
    if (isOther || (!earlier && sql.byNonce.get({ speaker, nonce }))) {
      throw new PokersError('nonce_conflict');
    }
    return earlier !== null;
  };

  const refuseManyPins = (thread: number): void => {
    if ((sql.countPins.get({ thread })?.pins ?? 0) < LIMITS.pinsPerThread) return;
    throw new PokersError('limit_reached', `at most ${LIMITS.pinsPerThread} pinned messages in a thread`);
  };

  return {
    ...accountChanges(db),

    changeMessage(request) {
      const { message: id, by, change, date, nonce } = request;
      const row = sql.message.get({ id });
      if (!row) throw new PokersError('message_not_found');
      const message = toMessage(row);
      if (nonce !== undefined && isDone({ ...request, nonce })) return { message, fresh: false };
      const different = applyChange(message, change, by, date);
      if (nonce !== undefined) {
        sql.insertChange.run({ speaker: by, nonce, message: id, kind: change.kind, date });
      }
      if (!different) return { message, fresh: false };
      if (different.pinned) refuseManyPins(message.thread);
      const seq = sql.nextSeq.get({ thread: message.thread })?.seq;
      if (seq === undefined) throw new PokersError('thread_not_found');
      const changed = { ...message, ...different, seq };
      sql.updateMessage.run(toColumns(changed));
      return { message: changed, fresh: true };
    },

    forgetChanges({ before }) {
      return sql.forgetChanges.run({ before }).changes;
    },

    purgeThreads() {
      return sql.purgeThreads.run({}).changes;
    },

    markRead({ user, thread, number }) {
      sql.markRead.run({ user, thread, number });
      return null;
    },

    createClassroom({ name, description, code, head, date }) {
      const row = sql.insertClass.get({ name, description, code, date });
      if (!row) throw new Error('the inserted class was not returned');
      sql.insertMember.run({ classroom: row.id, user: head, role: 'head', date });
      return row;
    },

    addMember({ classroom, user, role, date }) {
      sql.insertMember.run({ classroom, user, role, date });
      return null;
    },

    createThread({ classroom, name, creator, date }) {
      if (!sql.classExists.get({ classroom })) throw new PokersError('class_not_found');
      const row = sql.insertThread.get({ classroom, name, creator, date });
      if (!row) throw new Error('the inserted thread was not returned');
      return row;
    },
  };
}

/** Nonces or messages that are removed in one job, so that none takes long. */
const FORGET_AT_ONCE = 1_000;

type Values = Record<string, string | number | null>;

function prepareStatements(db: Database) {
  const one = <Row>(text: string): Statement<Row, [Values]> => db.query<Row, [Values]>(text);
  return {
    message: one<MessageRow>('select * from messages where id = $id'),
    byNonce: one('select 1 from messages where nonce = $nonce and speaker = $speaker'),
    nextSeq: one<{ seq: number }>('update threads set seq = seq + 1 where id = $thread returning seq'),
    updateMessage: one(
      `update messages set seq = $seq, content = $content, edited = $edited, deleted = $deleted, pinned = $pinned,
         reactions = $reactions, img_url = $img_url, file_url = $file_url, file_name = $file_name,
         file_size = $file_size where id = $id`,
    ),
    countPins: one<{ pins: number }>(
      'select count(*) as pins from messages where thread = $thread and pinned is not null',
    ),
    byChangeNonce: one<{ message: number; kind: string }>(
      'select message, kind from changes where nonce = $nonce and speaker = $speaker',
    ),
    insertChange: one(
      'insert into changes (speaker, nonce, message, kind, date) values ($speaker, $nonce, $message, $kind, $date)',
    ),
    forgetChanges: one(
      `delete from changes where (speaker, nonce) in
         (select speaker, nonce from changes where date < $before limit ${FORGET_AT_ONCE})`,
    ),
    purgeThreads: one(
      `delete from messages where id in
         (select m.id from threads t join messages m on m.thread = t.id where t.deleted is not null
          limit ${FORGET_AT_ONCE})`,
    ),
    markRead: one(
      `insert into reads (user_id, thread, number) values ($user, $thread, $number)
       on conflict do update set number = max(number, excluded.number)`,
    ),
    insertClass: one<Classroom>(
      `insert into classes (name, description, code, date) values ($name, $description, $code, $date)
       returning id, name, description, code, joining, threads_by, picture, archived`,
    ),
    classExists: one('select 1 from classes where id = $classroom'),
    insertMember: one(
      `insert into members (class_id, user_id, role, date) values ($classroom, $user, $role, $date)
       on conflict do nothing`,
    ),
    insertThread: one<Thread>(
      `insert into threads (class_id, name, creator, date) values ($classroom, $name, $creator, $date)
       returning id, class_id as class, name, creator, date, seq, messages, last, pinned, read_only, archived`,
    ),
  };
}
