import type { Database } from 'bun:sqlite';
import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../../errors.ts';
import { ATTACH_STATEMENTS, attach, attachable } from '../attaching.ts';
import { newMessage } from '../new-message.ts';
import { countedUnder, MESSAGE_COLUMNS, type MessageRow, mentionsColumn, toMessage } from '../rows.ts';
import type { Appended, MessageDraft } from '../store.ts';
import { SqliteSteps } from './sqlite-statements.ts';

/** How far a thread is, posts of this transaction included. */
interface Place {
  readonly class: number;
  seq: number;
  messages: number;
  last: number | null;
  /** As the thread's row has it. */
  readonly lastStored: number | null;
}

/**
 * Posts of one transaction. Each is one insert: how far its thread has come, and what its speaker has read, is written
 * once for all of them, by `settle`, before anything else in the transaction looks at it and before the commit. An insert
 * that fails leaves nothing behind, so a post needs no savepoint; whether its file can be attached is found out before it.
 */
export class Appending {
  readonly #sql: ReturnType<typeof prepareStatements>;
  readonly #attaching: SqliteSteps;
  readonly #places = new Map<number, Place>();
  /** The number of the last message that each speaker posted in each thread. */
  readonly #read = new Map<
    string,
    { readonly user: number; readonly thread: number; readonly message: number; readonly number: number }
  >();

  constructor(db: Database) {
    this.#sql = prepareStatements(db);
    this.#attaching = new SqliteSteps(db, ATTACH_STATEMENTS);
  }

  /** @throws thread_not_found, nonce_conflict, file_not_found, upload_unfinished, file_has_no_words */
  append(draft: MessageDraft): Appended {
    const { thread, speaker } = draft;
    const earlier = draft.nonce === undefined ? undefined : this.#earlier(draft, draft.nonce);
    if (earlier) return { message: earlier, fresh: false };
    const place = this.#places.get(thread) ?? this.#placeOf(thread);
    const message =
      draft.file === undefined ? this.#insert(draft, place) : this.#insertWith(draft.file, draft, place);
    this.#places.set(thread, place);
    place.seq = message.seq;
    place.messages = message.number;
    place.last = message.date;
    // One has read what one answers.
    this.#read.set(`${speaker}/${thread}`, {
      user: speaker,
      thread,
      message: message.id,
      number: message.number,
    });
    return { message, fresh: true };
  }

  /** Writes what was put off. */
  settle(): void {
    for (const [id, { seq, messages, last, lastStored }] of this.#places) {
      // Without a new time the index of threads by time stays as it is.
      if (last === lastStored) this.#sql.moveThread.run(seq, messages, id);
      else this.#sql.moveThreadUp.run(seq, messages, last, id);
    }
    for (const { user, thread, number, message } of this.#read.values())
      this.#sql.markRead.run(user, thread, number, message);
    this.forget();
  }

  /** The transaction came to nothing. */
  forget(): void {
    this.#places.clear();
    this.#read.clear();
  }

  /** The message that this nonce stored. @throws nonce_conflict where it was for something else */
  #earlier({ thread, speaker }: MessageDraft, nonce: string): Message | undefined {
    const used = this.#sql.nonce.get(nonce, speaker, nonce, speaker);
    if (!used) return undefined;
    const row = used.message === null ? null : this.#sql.message.get(used.message);
    if (row?.thread !== thread) throw new PokersError('nonce_conflict');
    return toMessage(row);
  }

  #placeOf(thread: number): Place {
    const row = this.#sql.thread.get(thread);
    if (!row) throw new PokersError('thread_not_found');
    return { ...row, lastStored: row.last };
  }

  #insertWith(file: number, draft: MessageDraft, place: Place): Message {
    const shown = this.#attaching.carryOut(attachable(file, draft, place.class));
    const message = { ...this.#insert(draft, place), ...shown };
    this.#attaching.carryOut(attach(file, message));
    return message;
  }

  #insert(draft: MessageDraft, place: Place): Message {
    const { thread, speaker, speakerName, content, date, nonce = null, awaitsAnnounce = false } = draft;
    const { reply = null, mentions = [] } = draft;
    const seq = place.seq + 1;
    const number = place.messages + 1;
    const isSuper = draft.isSuper ? 1 : 0;
    const { lastInsertRowid } = this.#sql.insert.run(
      thread,
      place.class,
      seq,
      number,
      speaker,
      speakerName,
      isSuper,
      content,
      date,
      nonce,
      awaitsAnnounce ? 1 : 0,
      reply,
      mentionsColumn(mentions),
    );
    for (const user of countedUnder(mentions)) this.#sql.mention.run(user, thread, number);
    return newMessage(draft, { id: Number(lastInsertRowid), class: place.class, seq, number });
  }
}

function prepareStatements(db: Database) {
  return {
    /** The message that a post stored, or null where the nonce was a change's. */
    nonce: db.query<{ message: number | null }, [string, number, string, number]>(
      `select id as message from messages where nonce = ? and speaker = ?
       union all select null from changes where nonce = ? and speaker = ?`,
    ),
    message: db.query<MessageRow, [number]>(`select ${MESSAGE_COLUMNS} from messages where id = ?`),
    thread: db.query<{ class: number; seq: number; messages: number; last: number | null }, [number]>(
      'select class_id as class, seq, messages, last from threads where id = ?',
    ),
    insert: db.query<
      never,
      [
        thread: number,
        classroom: number,
        seq: number,
        number: number,
        speaker: number,
        speakerName: string,
        isSuper: number,
        content: string,
        date: number,
        nonce: string | null,
        awaitsAnnounce: number,
        reply: number | null,
        mentions: string | null,
      ]
    >(
      `insert into messages (thread, class, seq, number, speaker, speaker_name, is_super, content, date, nonce,
         awaits_announce, reply, mentions, type, emoji_1, emoji_2, emoji_3)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'text', 0, 0, 0)`,
    ),
    moveThread: db.query<never, [seq: number, messages: number, id: number]>(
      'update threads set seq = ?, messages = ? where id = ?',
    ),
    moveThreadUp: db.query<never, [seq: number, messages: number, last: number | null, id: number]>(
      'update threads set seq = ?, messages = ?, last = ? where id = ?',
    ),
    mention: db.query<never, [user: number, thread: number, number: number]>(
      'insert into mentions (user_id, thread, number) values (?, ?, ?)',
    ),
    markRead: db.query<never, [user: number, thread: number, number: number, message: number]>(
      `insert into reads (user_id, thread, number, message) values (?, ?, ?, ?)
       on conflict do update set number = excluded.number, message = excluded.message
       where number < excluded.number`,
    ),
  };
}
