import type { Role } from '@pokers/protocol/rights';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { forgetRequest, removeMember, removeWithRole, stillHasHead, stillMay } from '../store/class-steps.ts';
import type { Step } from '../store/records.ts';
import type { Membership } from '../store/store.ts';
import { type Actor, inClass, rolesInReach } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { nameOf, reachMember, type Target } from './member-change.ts';

/** Takes a member out of a class. @throws member_not_found, class_needs_head, and as `reachMember` */
export async function takeOut(chat: Chat, actor: Actor, target: Target): Promise<void> {
  const { own, user } = await reachMember(chat, actor, 'remove_member', target);
  await remove(chat, actor, target, { own, roles: rolesInReach('remove_member', own.role), name: user.name });
}

/** Leaves a class. @throws class_needs_head, and as `inClass` */
export async function leaveClass(chat: Chat, actor: Actor, classroom: number): Promise<void> {
  const own = await inClass(chat, actor, 'leave_class', classroom);
  await remove(chat, actor, { classroom, user: actor.id }, { own, roles: [own.role], name: actor.name });
}

/**
 * Takes someone out of a class for good: no code and no link lets them in again. Who is no member (left, or never was)
 * can be banned too; who becomes one at this moment is taken out.
 * @throws member_not_found (no such account), class_needs_head, and as `reachMember`
 */
export async function banMember(chat: Chat, actor: Actor, target: Target): Promise<void> {
  const { store } = chat;
  const { classroom } = target;
  const own = await inClass(chat, actor, 'ban_member', classroom);
  if (await store.membership(target.user, classroom)) await reachMember(chat, actor, 'ban_member', target);
  const user = await nameOf(store, target.user);
  if (!user) throw new PokersError('member_not_found');
  const { db } = store;
  const date = chat.now();
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    {
      query: db
        .insertInto('bans')
        .values({ class_id: classroom, user_id: user.id, creator: actor.id, date })
        .onConflict((conflict) => conflict.doNothing()),
    },
    forgetRequest(db, classroom, user.id),
    ...removeWithRole(db, classroom, user.id, rolesInReach('ban_member', own.role)),
    ...keepsHead(chat, classroom, own),
    auditStep(db, { date, actor, address: actor.address, action: 'member.ban', class: classroom, user }),
  ]);
  tellClass(chat, classroom, user.id);
  tellClass(chat, classroom);
}

/** Lets someone in again who asks, by code or link. @throws member_not_found (not banned), and as `inClass` */
export async function liftBan(chat: Chat, actor: Actor, { classroom, user: id }: Target): Promise<void> {
  const own = await inClass(chat, actor, 'ban_member', classroom);
  const { store } = chat;
  const { db } = store;
  const user = await nameOf(store, id);
  if (!user) throw new PokersError('member_not_found');
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    {
      query: db.deleteFrom('bans').where('class_id', '=', classroom).where('user_id', '=', id),
      expect: { rows: 'some', otherwise: 'member_not_found' },
    },
    auditStep(db, {
      date: chat.now(),
      actor,
      address: actor.address,
      action: 'member.unban',
      class: classroom,
      user,
    }),
  ]);
}

async function remove(
  chat: Chat,
  actor: Actor,
  { classroom, user: id }: Target,
  { own, roles, name }: { own: Membership; roles: readonly Role[]; name: string },
): Promise<void> {
  const { store } = chat;
  const { db } = store;
  await store.atomically([
    ...stillMay(db, classroom, actor, own.role),
    ...removeMember(db, classroom, id, roles),
    ...keepsHead(chat, classroom, own),
    auditStep(db, {
      date: chat.now(),
      actor,
      address: actor.address,
      action: id === actor.id ? 'member.leave' : 'member.remove',
      class: classroom,
      user: { id, name },
    }),
  ]);
  tellClass(chat, classroom, id);
  tellClass(chat, classroom);
}

/** None but a head can take the last head out; and an import may have left a class that has none. */
function keepsHead({ store: { db } }: Chat, classroom: number, { role }: Membership): Step[] {
  return role === 'head' ? [stillHasHead(db, classroom)] : [];
}
