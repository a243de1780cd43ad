import type { Database } from 'bun:sqlite';
import { StartError } from '../errors.ts';
import type { Value } from './columns.ts';

/**
 * Tells rows of an earlier import from others, by the facts of a row that nobody can change here.
 * @param table one of ours, with a column `id`.
 * @returns a function that says whether the row of this id was imported before. It throws a StartError where the id
 *   belongs to another row.
 */
export function earlierRows<Fact extends string>(
  db: Database,
  table: string,
  facts: readonly Fact[],
): (id: number, given: Readonly<Record<Fact, Value>>) => boolean {
  const find = db.query<Record<Fact, Value>, [number]>(
    `select ${facts.join(', ')} from ${table} where id = ?`,
  );
  return (id, given) => {
    const found = find.get(id);
    if (!found) return false;
    const different = facts.find((fact) => found[fact] !== given[fact]);
    if (different === undefined) return true;
    throw otherRow(
      `${table}, id ${id}`,
      `${different} is ${found[different]} there and ${given[different]} here`,
    );
  };
}

function otherRow(place: string, difference: string): StartError {
  return new StartError(
    `${place}: the data folder holds another row under this id (${difference}). Ids are kept, so a Lazer folder can only ` +
      'be imported into a new data folder or into the one that it was imported into before. Nothing was imported. ' +
      'Choose another folder with --data.',
  );
}
