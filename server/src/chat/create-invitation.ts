import type { InvitationView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { Role } from '@pokers/protocol/rights';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { countUsable, type Invitation, invitationStep } from '../store/invitations.ts';
import { type Actor, inClass, requireReach } from './access.ts';
import type { Chat } from './chat.ts';

const DAY_SECONDS = 24 * 60 * 60;

export interface InvitationDraft {
  readonly role: Exclude<Role, 'head'>;
  /** Until it runs out; undefined: never. */
  readonly days?: number | undefined;
  /** How often it can be used; undefined: any number of times. */
  readonly uses?: number | undefined;
}

/** Makes a link by which others get in. @throws limit_reached, and as `inClass` and `requireReach` */
export async function createInvitation(
  chat: Chat,
  actor: Actor,
  classroom: number,
  draft: InvitationDraft,
): Promise<Invitation> {
  const { role: own } = await inClass(chat, actor, 'invite', classroom);
  requireReach('invite', own, draft.role);
  const date = chat.now();
  if ((await countUsable(chat.store, classroom, date, 'open')) >= LIMITS.invitationsPerClass)
    throw new PokersError('limit_reached', `at most ${LIMITS.invitationsPerClass} invitations of a class`);

  const { db } = chat.store;
  const made = await chat.store.atomically([
    ...stillMay(db, classroom, actor, own),
    invitationStep(db, {
      classroom,
      token: invitationToken(),
      role: draft.role,
      creator: actor.id,
      name: null,
      date,
      expires: draft.days === undefined ? null : date + draft.days * DAY_SECONDS,
      uses_max: draft.uses ?? null,
    }),
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'invitation.create',
      class: classroom,
      detail: {
        role: draft.role,
        ...(draft.days !== undefined && { days: draft.days }),
        ...(draft.uses !== undefined && { uses: draft.uses }),
      },
    }),
  ]);
  return made[2]?.[0] as unknown as Invitation;
}

/** 128 bits of the system's randomness: nobody guesses a link. */
export function invitationToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
}

/** Whether an invitation can be used, or why not. */
export function stateOf(invitation: Invitation, now: number): InvitationView['state'] {
  if (invitation.revoked !== null) return 'revoked';
  if (invitation.uses_max !== null && invitation.uses >= invitation.uses_max) return 'used_up';
  if (invitation.expires !== null && invitation.expires <= now) return 'expired';
  return 'good';
}
