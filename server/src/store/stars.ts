import type { Kysely } from 'kysely';
import type { Records, Step } from './records.ts';
import type { Tables } from './tables.ts';

/** A message that somebody keeps. `date` in Unix seconds. */
export interface Star {
  readonly user: number;
  readonly message: number;
  readonly date: number;
}

/** A star as its owner sees it. */
export interface StarRow {
  readonly id: number;
  readonly date: number;
  readonly message: number;
  readonly thread_name: string;
  readonly class_name: string;
}

export function starStep(db: Kysely<Tables>, { user, message, date }: Star): Step {
  return {
    query: db
      .insertInto('starred')
      .values({ user_id: user, message, date })
      .onConflict((conflict) => conflict.doNothing()),
  };
}

export function unstarStep(db: Kysely<Tables>, { user, message }: Star): Step {
  return { query: db.deleteFrom('starred').where('user_id', '=', user).where('message', '=', message) };
}

export async function countStars({ db }: Records, user: number): Promise<number> {
  const { count } = await db
    .selectFrom('starred')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('user_id', '=', user)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Somebody's stars with an id below `before`, newest first, of messages that they may still read: not of deleted messages
 * or threads, nor of classes that they have left.
 */
export function starsOf(
  { db }: Records,
  user: number,
  { before, limit }: { before: number; limit: number },
): Promise<StarRow[]> {
  return db
    .selectFrom('starred')
    .innerJoin('messages', 'messages.id', 'starred.message')
    .innerJoin('threads', 'threads.id', 'messages.thread')
    .innerJoin('classes', 'classes.id', 'threads.class_id')
    .innerJoin('members', (join) =>
      join.onRef('members.class_id', '=', 'classes.id').onRef('members.user_id', '=', 'starred.user_id'),
    )
    .select([
      'starred.id',
      'starred.date',
      'starred.message',
      'threads.name as thread_name',
      'classes.name as class_name',
    ])
    .where('starred.user_id', '=', user)
    .where('starred.id', '<', before)
    .where('messages.deleted', 'is', null)
    .where('threads.deleted', 'is', null)
    .orderBy('starred.id', 'desc')
    .limit(limit)
    .execute();
}
