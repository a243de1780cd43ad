import type { Role } from '@pokers/protocol/rights';
import { auditStep } from '../store/audit.ts';
import { setRole, stillHasHead, stillMay } from '../store/class-steps.ts';
import { type Actor, requireReach } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { reachMember, type Target } from './member-change.ts';

/** Makes a member something else. @throws member_not_found, class_needs_head, and as `reachMember` */
export async function changeRole(chat: Chat, actor: Actor, target: Target & { role: Role }): Promise<void> {
  const { classroom, role } = target;
  const { own, member, user } = await reachMember(chat, actor, 'set_role', target);
  requireReach('set_role', own.role, role);
  if (member.role === role) return;
  const { store } = chat;
  const { db } = store;
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    setRole(db, { classroom, user: user.id, from: member.role, to: role }),
    ...(member.role === 'head' ? [stillHasHead(db, classroom)] : []),
    auditStep(db, {
      date: chat.now(),
      actor,
      address: actor.address,
      action: 'member.role',
      class: classroom,
      user,
      detail: { from: member.role, to: role },
    }),
  ]);
  tellClass(chat, classroom, user.id);
}
