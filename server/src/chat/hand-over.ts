import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { setRole, stillHasHead, stillMay } from '../store/class-steps.ts';
import type { Actor } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { reachMember, type Target } from './member-change.ts';

/** Makes another member head of the class, and the actor a teacher in it. @throws member_not_found, class_needs_head, and as `reachMember` */
export async function handOver(chat: Chat, actor: Actor, target: Target): Promise<void> {
  const { classroom } = target;
  const { own, member, user } = await reachMember(chat, actor, 'hand_over', target);
  if (user.id === actor.id) throw new PokersError('bad_request', 'you head this class already');
  const { store } = chat;
  const { db } = store;
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    setRole(db, { classroom, user: actor.id, from: 'head', to: 'teacher' }),
    setRole(db, { classroom, user: user.id, from: member.role, to: 'head' }),
    stillHasHead(db, classroom), // the other one's account may be disabled
    auditStep(db, {
      date: chat.now(),
      actor,
      address: actor.address,
      action: 'class.hand_over',
      class: classroom,
      user,
    }),
  ]);
  tellClass(chat, classroom);
}
