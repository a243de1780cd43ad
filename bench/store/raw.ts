import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { Appending } from '@pokers/server/store/sqlite/appending';
import { openForWriting } from '@pokers/server/store/sqlite/database';
import type { MessageDraft } from '@pokers/server/store/store';

/** Something that stores a batch of posts in one durable transaction, in the thread that calls it. */
export interface Batches {
  commit(drafts: readonly MessageDraft[]): void;
  close(): void;
}

/** Raw SQLite: one prepared insert for each post, into a table without indexes. */
export function rawSqlite(folder: string): Batches {
  const db = new Database(join(folder, 'raw.db'), { create: true, strict: true });
  db.run('pragma journal_mode = wal');
  db.run('pragma synchronous = full');
  db.run(`create table messages (
    id integer primary key, thread integer, class integer, seq integer, number integer, speaker integer,
    speaker_name text, is_super integer, type text, content text, date integer, nonce text)`);
  const insert = db.query(
    `insert into messages (thread, class, seq, number, speaker, speaker_name, is_super, type, content, date, nonce)
     values ($thread, 1, $seq, $seq, $speaker, $speakerName, $isSuper, 'text', $content, $date, $nonce)`,
  );
  let seq = 0;
  return batches(db, ({ reply: _reply, mentions: _mentions, ...draft }) =>
    insert.run({ ...draft, nonce: draft.nonce ?? null, seq: ++seq }),
  );
}

/** The store's own tables and statements, without its thread, its messages between threads and its promises. */
export function sameStatements(folder: string): Batches {
  const db = openForWriting(folder);
  const appending = new Appending(db);
  return batches(
    db,
    (draft) => appending.append(draft),
    () => appending.settle(),
  );
}

function batches(db: Database, store: (draft: MessageDraft) => void, settle = () => {}): Batches {
  const begin = db.query('begin immediate');
  const commit = db.query('commit');
  return {
    commit(drafts) {
      begin.run();
      for (const draft of drafts) store(draft);
      settle();
      commit.run();
    },
    close: () => db.close(),
  };
}
