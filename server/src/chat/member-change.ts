import type { CommandName } from '@pokers/protocol/rights';
import { PokersError } from '../errors.ts';
import type { Membership, User } from '../store/store.ts';
import { type Actor, inClass, requireReach } from './access.ts';
import type { Chat } from './chat.ts';

/** Someone in a class to whom something is done. */
export interface Target {
  readonly classroom: number;
  readonly user: number;
}

export interface Reached {
  /** What the actor is in the class. */
  readonly own: Membership;
  readonly member: Membership;
  readonly user: User;
}

/** The member, where the actor may do this to them. @throws member_not_found, and as `inClass` and `requireReach` */
export async function reachMember(
  { store, now }: Chat,
  actor: Actor,
  command: CommandName,
  { classroom, user: id }: Target,
): Promise<Reached> {
  const own = await inClass({ store, now }, actor, command, classroom);
  const [member, user] = await Promise.all([store.membership(id, classroom), nameOf(store, id)]);
  if (!member || !user) throw new PokersError('member_not_found');
  requireReach(command, own.role, member.role);
  return { own, member, user };
}

/** Anyone with an account, a disabled one too. */
export function nameOf({ db }: Pick<Chat['store'], 'db'>, id: number): Promise<User | undefined> {
  return db.selectFrom('users').select(['id', 'name']).where('id', '=', id).executeTakeFirst();
}
