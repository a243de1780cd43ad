import type { Role } from '@pokers/protocol/rights';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { addMember, forgetRequest, inTurn, notBanned } from '../store/class-steps.ts';
import { type Invitation, invitationBy, useStep } from '../store/invitations.ts';
import type { Classroom } from '../store/store.ts';
import { type Actor, requireScope } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { stateOf } from './create-invitation.ts';

export interface Offer {
  readonly classroom: Classroom;
  readonly role: Role;
  /** Whom it is for, where it is for one person. */
  readonly name: string | null;
}

/**
 * What a link offers to whoever has it.
 * @throws invitation_not_found, invitation_expired, invitation_used_up, invitation_revoked, class_archived
 */
export async function readOffer(chat: Chat, token: string): Promise<Offer & { invitation: Invitation }> {
  const invitation = await invitationBy(chat.store, { token });
  const classroom = invitation && (await chat.store.classroom(invitation.class_id));
  if (!invitation || !classroom) throw new PokersError('invitation_not_found');
  const state = stateOf(invitation, chat.now());
  if (state !== 'good') throw new PokersError(`invitation_${state}`);
  if (classroom.archived !== null) throw new PokersError('class_archived');
  return { invitation, classroom, role: invitation.role, name: invitation.name };
}

/** Enters a class by a link. Who is in it already stays what they are, and uses nothing up. @throws banned, and as `readOffer` */
export async function acceptInvitation(chat: Chat, actor: Actor, token: string): Promise<Classroom> {
  const { store } = chat;
  requireScope(actor, 'manage');
  const known = await invitationBy(store, { token });
  const isMember = known && (await store.membership(actor.id, known.class_id));
  const present = isMember && (await store.classroom(known.class_id));
  if (present) return present;
  const { invitation, classroom } = await readOffer(chat, token);
  const date = chat.now();
  const { db } = store;
  await store.atomically([
    inTurn(db, classroom.id),
    notBanned(db, classroom.id, actor.id),
    ...addMember(db, { classroom: classroom.id, user: actor.id, role: invitation.role, date }),
    useStep(db, invitation.id, date),
    forgetRequest(db, classroom.id, actor.id),
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'member.join',
      class: classroom.id,
      user: actor,
      detail: { by: 'invitation', role: invitation.role, invitation: invitation.id },
    }),
  ]);
  tellClass(chat, classroom.id);
  return classroom;
}
