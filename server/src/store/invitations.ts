import type { Role } from '@pokers/protocol/rights';
import type { Kysely } from 'kysely';
import type { Records, Step } from './records.ts';
import type { Tables } from './tables.ts';

/** A link by which others get into a class. Times are Unix seconds; null where there is no bound, or it did not happen. */
export interface Invitation {
  readonly id: number;
  readonly class_id: number;
  readonly token: string;
  readonly role: Role;
  readonly creator: number;
  /** Whom it is for, where it is for one person. */
  readonly name: string | null;
  readonly date: number;
  readonly expires: number | null;
  readonly uses: number;
  readonly uses_max: number | null;
  readonly revoked: number | null;
}

export interface InvitationRecord extends Omit<Invitation, 'id' | 'class_id' | 'uses' | 'revoked'> {
  readonly classroom: number;
}

/** The step that makes one; its rows are the invitation. */
export function invitationStep(db: Kysely<Tables>, { classroom, ...values }: InvitationRecord): Step {
  return {
    query: db
      .insertInto('invitations')
      .values({ class_id: classroom, ...values })
      .returningAll(),
  };
}

/**
 * The step that takes one of its uses, if there is one left at this moment: of two who want the last one, the second
 * finds none.
 * @throws invitation_used_up, also where it was revoked or ran out since it was looked at
 */
export function useStep(db: Kysely<Tables>, id: number, now: number): Step {
  return {
    query: db
      .updateTable('invitations')
      .set(({ eb }) => ({ uses: eb('uses', '+', 1) }))
      .where('id', '=', id)
      .where('revoked', 'is', null)
      .where(({ or, eb, ref }) => or([eb('uses_max', 'is', null), eb('uses', '<', ref('uses_max'))]))
      .where(({ or, eb }) => or([eb('expires', 'is', null), eb('expires', '>', now)])),
    expect: { rows: 'some', otherwise: 'invitation_used_up' },
  };
}

export function invitationBy(
  { db }: Records,
  key: { token: string } | { id: number },
): Promise<Invitation | undefined> {
  const query = db.selectFrom('invitations').selectAll();
  return (
    'token' in key ? query.where('token', '=', key.token) : query.where('id', '=', key.id)
  ).executeTakeFirst();
}

/** A page of a class's invitations, the newest first. */
export function invitationsOf(
  { db }: Records,
  classroom: number,
  page: { before?: number | undefined; limit: number },
): Promise<Invitation[]> {
  return db
    .selectFrom('invitations')
    .selectAll()
    .where('class_id', '=', classroom)
    .where('id', '<', page.before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many of a class's invitations can still be used: of those for one person each, or of the others. */
export async function countUsable(
  { db }: Records,
  classroom: number,
  now: number,
  kind: 'personal' | 'open',
): Promise<number> {
  const { count } = await db
    .selectFrom('invitations')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('class_id', '=', classroom)
    .where('name', kind === 'personal' ? 'is not' : 'is', null)
    .where('revoked', 'is', null)
    .where(({ or, eb, ref }) => or([eb('uses_max', 'is', null), eb('uses', '<', ref('uses_max'))]))
    .where(({ or, eb }) => or([eb('expires', 'is', null), eb('expires', '>', now)]))
    .executeTakeFirstOrThrow();
  return Number(count);
}
