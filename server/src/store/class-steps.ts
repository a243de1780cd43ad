import type { Role } from '@pokers/protocol/rights';
import type { Kysely } from 'kysely';
import type { Step } from './records.ts';
import type { Tables } from './tables.ts';

/** Steps that changes of a class have in common. */

/** Changes of one class follow one another from this step on. @throws class_not_found */
export function inTurn(db: Kysely<Tables>, classroom: number): Step {
  return {
    query: db
      .updateTable('classes')
      .set(({ ref }) => ({ code: ref('code') }))
      .where('id', '=', classroom),
    expect: { rows: 'some', otherwise: 'class_not_found' },
  };
}

/** After the others: the class must have a head yet. @throws class_needs_head */
export function stillHasHead(db: Kysely<Tables>, classroom: number): Step {
  return {
    query: db
      .selectFrom('members')
      .select('user_id')
      .where('class_id', '=', classroom)
      .where('role', '=', 'head')
      .limit(1),
    expect: { rows: 'some', otherwise: 'class_needs_head' },
  };
}

/** Someone becomes a member. @throws already_member: who is one stays what they are */
export function addMember(
  db: Kysely<Tables>,
  member: { classroom: number; user: number; role: Role; date: number },
): Step {
  const { classroom, user, role, date } = member;
  return {
    query: db
      .insertInto('members')
      .values({ class_id: classroom, user_id: user, role, date })
      .onConflict((conflict) => conflict.doNothing()),
    expect: { rows: 'some', otherwise: 'already_member' },
  };
}

/** @throws member_not_found */
export function removeMember(db: Kysely<Tables>, classroom: number, user: number): Step {
  return {
    query: db.deleteFrom('members').where('class_id', '=', classroom).where('user_id', '=', user),
    expect: { rows: 'some', otherwise: 'member_not_found' },
  };
}

/**
 * Someone is no member from now on, whether they were one or not.
 * @throws forbidden where they are one with none of these roles
 */
export function removeWithRole(
  db: Kysely<Tables>,
  classroom: number,
  user: number,
  roles: readonly Role[],
): Step[] {
  const present = db
    .selectFrom('members')
    .select('role')
    .where('class_id', '=', classroom)
    .where('user_id', '=', user);
  return [
    {
      query: db
        .deleteFrom('members')
        .where('class_id', '=', classroom)
        .where('user_id', '=', user)
        .where('role', 'in', roles),
    },
    { query: present, expect: { rows: 'none', otherwise: 'forbidden' } },
  ];
}

/** @throws member_not_found where they are no member, or have another role by now than the one that was looked at */
export function setRole(
  db: Kysely<Tables>,
  member: { classroom: number; user: number; from: Role; to: Role },
): Step {
  return {
    query: db
      .updateTable('members')
      .set({ role: member.to })
      .where('class_id', '=', member.classroom)
      .where('user_id', '=', member.user)
      .where('role', '=', member.from),
    expect: { rows: 'some', otherwise: 'member_not_found' },
  };
}

/** Whoever is in needs to ask no longer. */
export function forgetRequest(db: Kysely<Tables>, classroom: number, user: number): Step {
  return { query: db.deleteFrom('requests').where('class_id', '=', classroom).where('user_id', '=', user) };
}

/** @throws banned */
export function notBanned(db: Kysely<Tables>, classroom: number, user: number): Step {
  return {
    query: db.selectFrom('bans').select('date').where('class_id', '=', classroom).where('user_id', '=', user),
    expect: { rows: 'none', otherwise: 'banned' },
  };
}
