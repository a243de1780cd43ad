import type { Records } from './records.ts';

/** Most that are removed in one statement, so that none takes long. */
const AT_ONCE = 1_000;

/**
 * Forgets the changes that the index of search has taken in.
 * @param settled up to which it has: asked only where there are any
 */
export async function forgetSearchChanges({ db }: Records, settled: () => Promise<number>): Promise<void> {
  const earliest = () => db.selectFrom('search_changes').select('n').orderBy('n').limit(1).executeTakeFirst();
  let first = await earliest();
  if (!first) return;
  const upTo = await settled();
  for (; first && first.n <= upTo; first = await earliest()) {
    const last = Math.min(upTo, first.n + AT_ONCE - 1);
    await db.deleteFrom('search_changes').where('n', '<=', last).execute();
  }
}
