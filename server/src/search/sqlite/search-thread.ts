/** The thread that searches and indexes, so that neither holds up the loop that serves sockets, nor the writer. */
import type { Database } from 'bun:sqlite';
import { openForReading } from '../../store/sqlite/database.ts';
import { Finding } from './finding.ts';
import { Indexing } from './indexing.ts';
import { isDamaged, openSearchFile, removeFile } from './search-file.ts';
import type { FromSearch, Task, ToSearch } from './search-thread-protocol.ts';

declare const self: Worker;

const folder = process.env.POKERS_SEARCH_FOLDER ?? '';
const reader = openForReading(folder);
let index = open();
const reply = (message: FromSearch): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ToSearch>) => {
  if (data.kind === 'stop') {
    index.db.close();
    reader.close();
    return reply({ kind: 'stopped' });
  }
  try {
    reply({ kind: 'done', number: data.number, value: perform(data.task) });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    reply({ kind: 'failed', number: data.number, message });
    if (isDamaged(cause)) makeAnew(index.db);
  }
};
reply({ kind: 'ready' });

function perform(task: Task): unknown {
  switch (task.kind) {
    case 'find':
      return index.finding.find(task.query);
    case 'catchUp':
      return index.indexing.catchUp();
    case 'settle':
      return index.indexing.settle();
  }
}

function open() {
  const db = openSearchFile(folder, reader);
  return { db, finding: new Finding(db, reader), indexing: new Indexing(db, reader) };
}

function makeAnew(db: Database): void {
  db.close();
  removeFile(folder);
  index = open();
}
