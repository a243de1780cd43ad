import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';

/** The audit log, whole: it also tells of classes, threads and people that are gone. */
export async function importLogs(run: ImportRun): Promise<void> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'logs', ['speaker', 'date']);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into logs (id, speaker, speaker_name, class_id, content, thread, date)
     values ($id, $speaker, $speaker_name, $belong_class, $content, $thread, $date)`,
  );
  await run.each('logs', (log) => {
    const { id, speaker, date } = log;
    if (isThere(id, { speaker, date })) return tally.already('logs');
    insert.run({ ...log });
    tally.imported('logs');
  });
}
