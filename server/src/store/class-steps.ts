import type { Role } from '@pokers/protocol/rights';
import { type Kysely, sql } from 'kysely';
import type { Records, Step } from './records.ts';
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

/**
 * What a change of a class begins with: it is made only if the actor is what they were when their right was looked at.
 * Who was removed, was disabled or has another role meanwhile changes nothing any more, however long the change took to
 * prepare.
 * @throws class_not_found, forbidden
 */
export function stillMay(
  db: Kysely<Tables>,
  classroom: number,
  actor: { readonly id: number },
  role: Role,
): Step[] {
  const same = db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('user_id')
    .where('class_id', '=', classroom)
    .where('user_id', '=', actor.id)
    .where('role', '=', role)
    .where('users.disabled', 'is', null);
  return [inTurn(db, classroom), { query: same, expect: { rows: 'some', otherwise: 'forbidden' } }];
}

/**
 * What joining by the code begins with: the class is open as it was when it was looked at, and has the same code. Who has
 * closed a class or renewed its code sees nobody come in by the former one afterwards.
 * @throws class_not_found, join_code_not_found
 */
export function stillLetsIn(
  db: Kysely<Tables>,
  { id, code, joining }: { readonly id: number; readonly code: string; readonly joining: string },
): Step[] {
  const same = db
    .selectFrom('classes')
    .select('id')
    .where('id', '=', id)
    .where('code', '=', code)
    .where('joining', '=', joining)
    .where('archived', 'is', null);
  return [inTurn(db, id), { query: same, expect: { rows: 'some', otherwise: 'join_code_not_found' } }];
}

/** After the others: the class must have a head yet who can sign in. @throws class_needs_head */
export function stillHasHead(db: Kysely<Tables>, classroom: number): Step {
  const query = activeHeads(db).where('class_id', '=', classroom).limit(1);
  return { query, expect: { rows: 'some', otherwise: 'class_needs_head' } };
}

/** Those heads of classes whose accounts are not disabled: others can decide nothing. */
export function activeHeads(db: Kysely<Tables>) {
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('class_id')
    .where('role', '=', 'head')
    .where('users.disabled', 'is', null);
}

/** Someone becomes a member, muted as long as they were when they left. @throws already_member: who is one stays what they are */
export function addMember(
  db: Kysely<Tables>,
  member: { classroom: number; user: number; role: Role; date: number },
): Step[] {
  const { classroom, user, role, date } = member;
  const kept = db
    .selectFrom('kept_mutes')
    .select('until')
    .where('class_id', '=', classroom)
    .where('user_id', '=', user);
  return [
    {
      query: db
        .insertInto('members')
        .values({ class_id: classroom, user_id: user, role, date, muted_until: kept })
        .onConflict((conflict) => conflict.doNothing()),
      expect: { rows: 'some', otherwise: 'already_member' },
    },
    { query: db.deleteFrom('kept_mutes').where('class_id', '=', classroom).where('user_id', '=', user) },
  ];
}

/** Before someone ceases to be a member: their mute waits for them. */
function keepMute(db: Kysely<Tables>, classroom: number, user: number): Step {
  const muted = db
    .selectFrom('members')
    .select(['class_id', 'user_id', sql<number>`muted_until`.as('until')])
    .where('class_id', '=', classroom)
    .where('user_id', '=', user)
    .where('muted_until', 'is not', null);
  return {
    query: db
      .insertInto('kept_mutes')
      .columns(['class_id', 'user_id', 'until'])
      .expression(muted)
      .onConflict((conflict) =>
        conflict
          .columns(['class_id', 'user_id'])
          .doUpdateSet(({ ref }) => ({ until: ref('excluded.until') })),
      ),
  };
}

/** @throws member_not_found where they are no member, or have none of these roles by now */
export function removeMember(
  db: Kysely<Tables>,
  classroom: number,
  user: number,
  roles: readonly Role[],
): Step[] {
  return [
    keepMute(db, classroom, user),
    {
      query: db
        .deleteFrom('members')
        .where('class_id', '=', classroom)
        .where('user_id', '=', user)
        .where('role', 'in', roles),
      expect: { rows: 'some', otherwise: 'member_not_found' },
    },
  ];
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
    keepMute(db, classroom, user),
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

/** Forgets mutes that ended before this, in Unix seconds. */
export async function forgetMutes({ db, atomically }: Records, before: number): Promise<void> {
  await atomically([{ query: db.deleteFrom('kept_mutes').where('until', '<', before) }]);
}
