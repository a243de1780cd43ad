import { migrate, openForReading, openForWriting } from '@pokers/server/store/sqlite/database';
import { SqliteStore } from '@pokers/server/store/sqlite/sqlite-store';
import { Writer } from '@pokers/server/store/sqlite/writer';
import type { MessageDraft, User } from '@pokers/server/store/store';
import { makeNonce } from '../../sdk/src/outbox/entry.ts';

/** Who posts, in every database. */
export const PEOPLE = 256;

/** 40 bytes, as in the other benchmarks. */
export const TEXT = 'Forty bytes are a usual message, I think';

/** What a database holds before it is measured. */
export interface Size {
  readonly messages: number;
  /** Messages go to them in turn. */
  readonly threads: number;
  /** Threads belong to them in turn; everyone is in all of them. */
  readonly classes: number;
  /** How nonces begin: with the time, as those of our clients, or with anything. */
  readonly nonces: Nonces;
}

export type Nonces = 'timed' | 'random';

export interface OpenStore {
  readonly store: SqliteStore;
  readonly writer: Writer;
}

/** Memory for building indexes, in KiB, and when the stored messages were posted, in Unix seconds. */
const CACHE_KIB = 256 * 1024;
const FIRST_DATE = 1_700_000_000;

/** Makes a database in an empty folder, by direct inserts. */
export async function makeTown(folder: string, size: Size): Promise<void> {
  await migrate(folder);
  const db = openForWriting(folder);
  db.run(`pragma cache_size = -${CACHE_KIB}`);
  db.run('pragma synchronous = off');
  const fill = (into: string, select: string, count: number): void => {
    db.query(
      `with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < $count) insert into ${into} ${select}`,
    ).run({ count });
  };
  const { messages, threads, classes, nonces } = size;
  const nonce =
    nonces === 'timed'
      ? `printf('%012x', ${FIRST_DATE}000 + i) || lower(hex(randomblob(10)))`
      : 'lower(hex(randomblob(16)))';
  db.run('begin');
  fill(
    'users (name, email, created_at, updated_at)',
    `select 'Person ' || (i + 1), i, '', '' from n`,
    PEOPLE,
  );
  fill('classes (name, code)', `select 'Class', i from n`, classes);
  db.run(`insert into members (class_id, user_id, role)
    select c.id, u.id, 'student' from users u join classes c order by u.id, c.id`);
  fill(
    'threads (class_id, name, date, seq, messages, last)',
    `select 1 + i % ${classes}, 'Thread', ${FIRST_DATE}, stored, stored, ${FIRST_DATE} + i
     from (select i, ${messages} / ${threads} + (i < ${messages} % ${threads}) as stored from n)`,
    threads,
  );
  // Who speaks is as good as random (a multiplicative hash), since people do not take turns.
  fill(
    `messages (thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
       emoji_1, emoji_2, emoji_3, nonce)`,
    `select 1 + i % ${threads}, 1 + i % ${threads} % ${classes}, 1 + i / ${threads}, 1 + i / ${threads},
       1 + (i * 2654435761 >> 8) % ${PEOPLE}, 'Person', 0, 'text', '${TEXT}', ${FIRST_DATE} + i, 0, 0, 0, ${nonce} from n`,
    messages,
  );
  db.run('commit');
  db.run('pragma wal_checkpoint(truncate)');
  db.close();
}

export async function openStore(folder: string): Promise<OpenStore> {
  const writer = await Writer.start(folder);
  return { writer, store: new SqliteStore(openForReading(folder), writer) };
}

export function personNumbered(index: number): User {
  const id = 1 + (index % PEOPLE);
  return { id, name: `Person ${id}` };
}

export function nonceOf(kind: Nonces): string {
  return kind === 'timed' ? makeNonce() : crypto.randomUUID();
}

/** A post in the first thread. */
export function draftOf(speaker: User): MessageDraft {
  return {
    thread: 1,
    speaker: speaker.id,
    speakerName: speaker.name,
    isSuper: false,
    content: TEXT,
    date: Math.floor(Date.now() / 1000),
    nonce: nonceOf('timed'),
  };
}
