import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import type { Actor } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { reachMember, type Target } from './member-change.ts';

/** Mutes a member for so many seconds from now; 0 ends it. @throws member_not_found, and as `reachMember` */
export async function muteMember(
  chat: Chat,
  actor: Actor,
  target: Target & { seconds: number },
): Promise<void> {
  const { classroom, seconds } = target;
  const { own, member, user } = await reachMember(chat, actor, 'mute_member', target);
  const { store } = chat;
  const { db } = store;
  const date = chat.now();
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    {
      query: db
        .updateTable('members')
        .set({ muted_until: seconds === 0 ? null : date + seconds })
        .where('class_id', '=', classroom)
        .where('user_id', '=', user.id)
        .where('role', '=', member.role),
      expect: { rows: 'some', otherwise: 'member_not_found' },
    },
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: seconds === 0 ? 'member.unmute' : 'member.mute',
      class: classroom,
      user,
      ...(seconds > 0 && { detail: { seconds } }),
    }),
  ]);
  tellClass(chat, classroom, user.id);
}
