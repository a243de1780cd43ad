import type { Classes } from './classes.ts';
import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';
import { nameOf } from './row-name.ts';
import { ThreadNumbers } from './thread-numbers.ts';

/** @returns where each of the original's threads stands now, for its messages to follow. */
export async function importThreads(run: ImportRun, classes: Classes): Promise<ThreadNumbers> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'threads', ['class_id', 'creator', 'date']);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into threads (id, class_id, creator, name, date) values ($id, $class_id, $creator, $name, $date)`,
  );
  const numbers = new ThreadNumbers(db);
  tally.noted('threads', 'the column "report" is not kept');
  await run.each('threads', ({ id, belong_class: class_id, creator, name, pin, date }) => {
    if (class_id === null || !classes.has(class_id))
      return tally.skipped('threads', 'the class does not exist', id);
    if (isThere(id, { class_id, creator, date })) {
      tally.already('threads');
    } else {
      insert.run({ id, class_id, creator, name: nameOf(run, 'threads', id, name), date });
      if (pin) numbers.pin(id, pin);
      tally.imported('threads');
    }
    numbers.add(id);
  });
  return numbers;
}
