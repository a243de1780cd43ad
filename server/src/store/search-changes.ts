import type { Records } from './records.ts';

/** Most that are removed in one statement, so that none takes long. */
const AT_ONCE = 1_000;

/** Forgets the changes that the index of search has taken in, up to this one. */
export async function forgetSearchChanges({ db }: Records, upTo: number): Promise<void> {
  for (;;) {
    const first = await db.selectFrom('search_changes').select('n').orderBy('n').limit(1).executeTakeFirst();
    if (!first || first.n > upTo) return;
    const last = Math.min(upTo, first.n + AT_ONCE - 1);
    await db.deleteFrom('search_changes').where('n', '<=', last).execute();
  }
}
