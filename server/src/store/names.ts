import type { Records } from './records.ts';

/** A part of a list in order of the ids: those above `after`. */
interface Part {
  readonly after: number;
  readonly limit: number;
}

export interface NamedClass {
  readonly id: number;
  readonly name: string;
}

export interface NamedThread extends NamedClass {
  readonly class: number;
  readonly class_name: string;
}

/** Someone in a class of the reader's; `class_name` is that of the oldest such class. */
export interface NamedPerson extends NamedClass {
  readonly class_name: string;
}

/** Classes of a user. */
export function classNames({ db }: Records, user: number, { after, limit }: Part): Promise<NamedClass[]> {
  return db
    .selectFrom('members')
    .innerJoin('classes', 'classes.id', 'members.class_id')
    .select(['classes.id', 'classes.name'])
    .where('members.user_id', '=', user)
    .where('classes.id', '>', after)
    .orderBy('classes.id')
    .limit(limit)
    .execute();
}

/** Threads of a user's classes. */
export function threadNames({ db }: Records, user: number, { after, limit }: Part): Promise<NamedThread[]> {
  return db
    .selectFrom('threads')
    .innerJoin('members', 'members.class_id', 'threads.class_id')
    .innerJoin('classes', 'classes.id', 'threads.class_id')
    .select(['threads.id', 'threads.name', 'threads.class_id as class', 'classes.name as class_name'])
    .where('members.user_id', '=', user)
    .where('threads.deleted', 'is', null)
    .where('threads.id', '>', after)
    .orderBy('threads.id')
    .limit(limit)
    .execute();
}

/** Everyone in a user's classes, the user too, each once. */
export async function peopleNames(
  { db }: Records,
  user: number,
  { after, limit }: Part,
): Promise<NamedPerson[]> {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('members')
        .select(({ fn }) => ['user_id', fn.min('class_id').as('class_id')])
        .where('class_id', 'in', (of) =>
          of.selectFrom('members as own').select('own.class_id').where('own.user_id', '=', user),
        )
        .where('user_id', '>', after)
        .groupBy('user_id')
        .orderBy('user_id')
        .limit(limit)
        .as('near'),
    )
    .innerJoin('users', 'users.id', 'near.user_id')
    .innerJoin('classes', 'classes.id', 'near.class_id')
    .select(['users.id', 'users.name', 'classes.name as class_name'])
    .orderBy('users.id')
    .execute();
}
