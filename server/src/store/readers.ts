import type { Message } from '@pokers/protocol/message';
import type { Records } from './records.ts';
import type { User } from './store.ts';

/** Members of a class who have read a message, with an id above `after`, in order of it. Its speaker is none of them. */
export function readersOf(
  { db }: Records,
  message: Message,
  { after, limit }: { after: number; limit: number },
): Promise<User[]> {
  return reading(db, message)
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name'])
    .where('members.user_id', '>', after)
    .orderBy('members.user_id')
    .limit(limit)
    .execute();
}

export async function countReaders({ db }: Records, message: Message): Promise<number> {
  const { count } = await reading(db, message)
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function reading(db: Records['db'], { class: classroom, thread, number, speaker }: Message) {
  return db
    .selectFrom('members')
    .innerJoin('reads', 'reads.user_id', 'members.user_id')
    .where('members.class_id', '=', classroom)
    .where('members.user_id', '!=', speaker)
    .where('reads.thread', '=', thread)
    .where('reads.number', '>=', number);
}
