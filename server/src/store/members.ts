import { LIMITS } from '@pokers/protocol/limits';
import type { Role } from '@pokers/protocol/rights';
import type { Kysely } from 'kysely';
import type { Records, Step } from './records.ts';
import type { Member, Membership } from './store.ts';
import type { Tables } from './tables.ts';

/** Those of some users who have one, with their e-mails. */
export async function emailsOf(
  { db }: Records,
  users: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await db.selectFrom('users').select(['id', 'email']).where('id', 'in', users).execute();
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** So many are asked for by name; of more, all who are in the class are read. */
const BY_NAME_MAX = 500;

/**
 * What members of a class are whose accounts are not disabled: these users, or all of them, some 100 bytes for each for as
 * long as they are looked at.
 */
export async function membershipsIn(
  { db }: Records,
  classroom: number,
  users?: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Membership>> {
  const inClass = db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['user_id', 'role', 'muted_until'])
    .where('class_id', '=', classroom)
    .where('users.disabled', 'is', null);
  const isFew = users && users.size <= BY_NAME_MAX;
  const rows = await (isFew ? inClass.where('user_id', 'in', [...users]) : inClass).execute();
  return new Map(rows.map(({ user_id, role, muted_until }) => [user_id, { role, muted_until }]));
}

/** Those of some users who are in a class, in order of their ids; at most some hundred are asked for. */
export function membersAmong(
  { db }: Records,
  classroom: number,
  users: readonly number[],
): Promise<Member[]> {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.name', 'members.role', 'members.muted_until'])
    .where('class_id', '=', classroom)
    .where('user_id', 'in', users)
    .orderBy('users.id')
    .execute();
}

/** Which classes some users are in; at most some hundred are asked for. */
export async function membershipsAmong(
  { db }: Records,
  users: readonly number[],
): Promise<{ user: number; classroom: number }[]> {
  const rows = await db
    .selectFrom('members')
    .select(['user_id', 'class_id'])
    .where('user_id', 'in', users)
    .execute();
  return rows.map(({ user_id, class_id }) => ({ user: user_id, classroom: class_id }));
}

/** The classes that someone is in, at most `LIMITS.listMax`, the newest. */
export async function classIdsOf({ db }: Records, user: number): Promise<number[]> {
  const rows = await db
    .selectFrom('members')
    .select('class_id')
    .where('user_id', '=', user)
    .orderBy('class_id', 'desc')
    .limit(LIMITS.listMax)
    .execute();
  return rows.map(({ class_id }) => class_id);
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

/** Which of these e-mails have an account; at most some thousand are asked for. */
export async function knownEmails({ db }: Records, emails: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('users').select('email').where('email', 'in', emails).execute();
  return new Set(rows.map(({ email }) => email));
}

/** The step by which the owner of an e-mail becomes a member. */
export function memberByEmailStep(
  db: Kysely<Tables>,
  { classroom, email, role, date }: { classroom: number; email: string; role: Role; date: number },
): Step {
  return {
    query: db
      .insertInto('members')
      .columns(['class_id', 'user_id', 'role', 'date'])
      .expression(
        db
          .selectFrom('users')
          .where('email', '=', email)
          .select(({ val }) => [
            val(classroom).as('class_id'),
            'id',
            val(role).as('role'),
            val(date).as('date'),
          ]),
      ),
    expect: { rows: 'some', otherwise: 'internal' },
  };
}
