import type { Database } from 'bun:sqlite';
import { joinCode } from '../chat/join-code.ts';
import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';
import { nameOf } from './row-name.ts';

/** The classes of the original by id, with the user id of their head: some 100 bytes of memory for each. */
export type Classes = ReadonlyMap<number, { readonly head: number | null }>;

/** Each gets a join code of its own, which the original did not have. */
export async function importClasses(run: ImportRun): Promise<Classes> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'classes', ['date']);
  const newCode = codeMaker(db);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into classes (id, name, description, image, code, date)
     values ($id, $name, $description, $image, $code, $date)`,
  );
  const classes = new Map<number, { head: number | null }>();
  await run.each('classes', ({ id, name, des, img, super: head, date }) => {
    classes.set(id, { head });
    if (isThere(id, { date })) return tally.already('classes');
    insert.run({
      id,
      name: nameOf(run, 'classes', id, name),
      description: des ?? '',
      image: img || null,
      code: newCode(),
      date,
    });
    tally.imported('classes');
  });
  return classes;
}

function codeMaker(db: Database): () => string {
  const taken = db.query<unknown, [string]>('select 1 from classes where code = ?');
  return () => {
    let code = joinCode();
    while (taken.get(code)) code = joinCode();
    return code;
  };
}
