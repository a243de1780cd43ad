import { LIMITS } from '@pokers/protocol/limits';
import type { Records } from './records.ts';

/** The ids of a thread's pinned messages, the one pinned last first. */
export async function pinnedIn({ db }: Records, thread: number): Promise<number[]> {
  const rows = await db
    .selectFrom('messages')
    .select('id')
    .where('thread', '=', thread)
    .where('pinned', 'is not', null)
    .orderBy('pinned', 'desc')
    .orderBy('id', 'desc')
    .limit(LIMITS.pinsPerThread)
    .execute();
  return rows.map(({ id }) => id);
}
