import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';

/** What users starred: `marks` in the original, where `marker` starred the class or the user. */
export async function importStars(run: ImportRun): Promise<void> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'stars', ['user_id', 'class_id']);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into stars (id, user_id, class_id, type, target) values ($id, $user_id, $class_id, $type, $target)`,
  );
  await run.each('marks', ({ id, marker: user_id, class: class_id, type, user: target }) => {
    if (user_id === null) return tally.skipped('stars', 'it belongs to no user', id);
    if (isThere(id, { user_id, class_id })) return tally.already('stars');
    insert.run({ id, user_id, class_id, type, target });
    tally.imported('stars');
  });
}
