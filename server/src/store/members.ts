import type { Records } from './records.ts';

/** Those of some users who have one, with their e-mails. */
export async function emailsOf({ db }: Records, users: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const rows = await db.selectFrom('users').select(['id', 'email']).where('id', 'in', users).execute();
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** Someone beside the members of a class: who asks to be let in, or was banned. `date` in Unix seconds. */
export interface Bystander {
  readonly id: number;
  readonly name: string;
  readonly date: number;
}

export async function countRequests({ db }: Records, classroom: number): Promise<number> {
  const { count } = await db
    .selectFrom('requests')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('class_id', '=', classroom)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Those who ask to be let in, or who were banned, with an id above `after`, in order of it. */
export function bystandersOf(
  { db }: Records,
  table: 'requests' | 'bans',
  classroom: number,
  page: { after: number; limit: number },
): Promise<Bystander[]> {
  return db
    .selectFrom(table)
    .innerJoin('users', 'users.id', `${table}.user_id`)
    .select(['users.id', 'users.name', `${table}.date`])
    .where(`${table}.class_id`, '=', classroom)
    .where(`${table}.user_id`, '>', page.after)
    .orderBy(`${table}.user_id`)
    .limit(page.limit)
    .execute();
}
