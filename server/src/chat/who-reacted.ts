import { LIMITS } from '@pokers/protocol/limits';
import type { User } from '../store/store.ts';
import { type Actor, onMessage } from './access.ts';
import type { Chat } from './chat.ts';

export interface Reactors {
  readonly emoji: string;
  readonly count: number;
  /** In the order in which they reacted; the first `LIMITS.reactorsListed` of them. */
  readonly users: readonly User[];
}

/** Who put what on a message, by name. @throws message_not_found */
export async function whoReacted(chat: Chat, reader: Actor, id: number): Promise<Reactors[]> {
  const { message } = await onMessage(chat, reader, 'see_class', id);
  const listed = message.reactions.map(
    ([emoji, users]) => [emoji, users.length, users.slice(0, LIMITS.reactorsListed)] as const,
  );
  const ids = [...new Set(listed.flatMap(([, , users]) => users))];
  const people =
    ids.length === 0
      ? []
      : await chat.store.db.selectFrom('users').select(['id', 'name']).where('id', 'in', ids).execute();
  const known = new Map(people.map((person) => [person.id, person]));
  return listed.map(([emoji, count, users]) => ({
    emoji,
    count,
    users: users.flatMap((user) => known.get(user) ?? []),
  }));
}
