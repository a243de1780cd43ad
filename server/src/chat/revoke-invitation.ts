import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { invitationBy } from '../store/invitations.ts';
import { type Actor, inClass, requireReach } from './access.ts';
import type { Chat } from './chat.ts';

/** Takes an invitation back; twice is the same as once. @throws invitation_not_found, and as `inClass` and `requireReach` */
export async function revokeInvitation(chat: Chat, actor: Actor, id: number): Promise<void> {
  const { store } = chat;
  const invitation = await invitationBy(store, { id });
  const isMember = invitation && (await store.membership(actor.id, invitation.class_id));
  if (!invitation || !isMember) throw new PokersError('invitation_not_found');
  const { role } = await inClass(chat, actor, 'invite', invitation.class_id);
  requireReach('invite', role, invitation.role);
  if (invitation.revoked !== null) return;
  const date = chat.now();
  await store.atomically([
    ...stillMay(store.db, invitation.class_id, actor, role),
    {
      query: store.db
        .updateTable('invitations')
        .set({ revoked: date })
        .where('id', '=', id)
        .where('revoked', 'is', null),
    },
    auditStep(store.db, {
      date,
      actor,
      address: actor.address,
      action: 'invitation.revoke',
      class: invitation.class_id,
      detail: { role: invitation.role, uses: invitation.uses },
    }),
  ]);
}
