import type { Database, Statement } from 'bun:sqlite';
import type { Role } from '@pokers/protocol/http';
import type { Message } from '@pokers/protocol/message';
import { joinCode } from '../../chat/join-code.ts';
import { PokersError } from '../../errors.ts';
import type { Appended, Classroom, MessageDraft, Thread } from '../store.ts';
import { type MessageRow, toMessage } from './rows.ts';

/** The changes that the writer thread carries out, each in a savepoint of the transaction that it shares with others. */
export interface Changes {
  appendMessage(draft: MessageDraft): Appended;
  editMessage(edit: { message: number; content: string; date: number }): Message;
  deleteMessage(deletion: { message: number; date: number }): Message;
  createClassroom(draft: { name: string; description: string; head: number; date: number }): Classroom;
  addMember(member: { user: number; classroom: number; role: Role; date: number }): null;
  createThread(draft: { classroom: number; name: string; creator: number; date: number }): Thread;
}

export type ChangeName = keyof Changes;

export function sqliteChanges(db: Database): Changes {
  const sql = prepareStatements(db);

  const present = (id: number): MessageRow => {
    const row = sql.message.get({ id });
    if (!row) throw new PokersError('message_not_found');
    return row;
  };
  const nextSeq = (thread: number): number => {
    const row = sql.nextSeq.get({ thread });
    if (!row) throw new PokersError('thread_not_found');
    return row.seq;
  };

  return {
    appendMessage(draft) {
      const { thread, speaker, date, content } = draft;
      const nonce = draft.nonce ?? null;
      const earlier = nonce === null ? null : sql.byNonce.get({ speaker, nonce });
      if (earlier && earlier.thread !== thread) throw new PokersError('nonce_conflict');
      if (earlier) return { message: toMessage(earlier), fresh: false };
      const place = sql.nextMessage.get({ thread, date });
      if (!place) throw new PokersError('thread_not_found');
      const row = sql.insertMessage.get({
        thread,
        class: place.class_id,
        seq: place.seq,
        number: place.messages,
        speaker,
        speakerName: draft.speakerName,
        isSuper: draft.isSuper ? 1 : 0,
        content,
        date,
        nonce,
        awaitsAnnounce: draft.awaitsAnnounce ? 1 : 0,
      });
      if (!row) throw new Error('the inserted message was not returned');
      return { message: toMessage(row), fresh: true };
    },

    editMessage({ message, content, date }) {
      const row = present(message);
      if (row.deleted !== null) throw new PokersError('message_not_found');
      sql.editMessage.run({ id: message, seq: nextSeq(row.thread), content, date });
      return toMessage(present(message));
    },

    deleteMessage({ message, date }) {
      const row = present(message);
      if (row.deleted !== null) return toMessage(row);
      sql.deleteMessage.run({ id: message, seq: nextSeq(row.thread), date });
      return toMessage(present(message));
    },

    createClassroom({ name, description, head, date }) {
      const row = sql.insertClass.get({ name, description, code: joinCode(), date });
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

type Values = Record<string, string | number | null>;

function prepareStatements(db: Database) {
  const one = <Row>(text: string): Statement<Row, [Values]> => db.query<Row, [Values]>(text);
  return {
    message: one<MessageRow>('select * from messages where id = $id'),
    byNonce: one<MessageRow>('select * from messages where speaker = $speaker and nonce = $nonce'),
    nextMessage: one<{ seq: number; messages: number; class_id: number }>(
      `update threads set seq = seq + 1, messages = messages + 1, last = $date where id = $thread
       returning seq, messages, class_id`,
    ),
    nextSeq: one<{ seq: number }>('update threads set seq = seq + 1 where id = $thread returning seq'),
    insertMessage: one<MessageRow>(
      `insert into messages (thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
         emoji_1, emoji_2, emoji_3, nonce, awaits_announce)
       values ($thread, $class, $seq, $number, $speaker, $speakerName, $isSuper, 'text', $content, $date,
         0, 0, 0, $nonce, $awaitsAnnounce)
       returning *`,
    ),
    editMessage: one('update messages set seq = $seq, content = $content, edited = $date where id = $id'),
    deleteMessage: one(
      `update messages set seq = $seq, deleted = $date, content = null, img_url = null, file_url = null,
         file_name = null, file_size = null where id = $id`,
    ),
    insertClass: one<Classroom>(
      `insert into classes (name, description, code, date) values ($name, $description, $code, $date)
       returning id, name, description, code`,
    ),
    classExists: one('select 1 from classes where id = $classroom'),
    insertMember: one(
      `insert into members (class_id, user_id, role, date) values ($classroom, $user, $role, $date)
       on conflict do nothing`,
    ),
    insertThread: one<Thread>(
      `insert into threads (class_id, name, creator, date) values ($classroom, $name, $creator, $date)
       returning id, class_id as class, name, creator, date, seq, messages, last`,
    ),
  };
}
