import { EVERYONE } from '@pokers/protocol/message';
import type { Records } from '../store/records.ts';

/**
 * Whom a message in a class mentions of those whom it wants to: its members, each once. Who is none, or not any more, is
 * left out: a message is not lost because somebody has left.
 */
export async function mentioned(
  { db }: Records,
  classroom: number,
  wanted: readonly number[],
): Promise<readonly number[]> {
  if (wanted.length === 0) return wanted;
  const members = await db
    .selectFrom('members')
    .select('user_id')
    .where('class_id', '=', classroom)
    .where('user_id', 'in', wanted)
    .execute();
  const known = new Set([EVERYONE, ...members.map(({ user_id }) => user_id)]);
  return [...new Set(wanted)].filter((user) => known.has(user));
}

/** Whether it takes the right to mention everyone. */
export function mentionsAll(mentions: readonly number[] | undefined): boolean {
  return mentions?.includes(EVERYONE) ?? false;
}
