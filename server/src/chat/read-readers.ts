import { LIMITS } from '@pokers/protocol/limits';
import { PokersError } from '../errors.ts';
import { countReaders, readersOf } from '../store/readers.ts';
import type { User } from '../store/store.ts';
import { type Actor, onMessage } from './access.ts';
import type { Chat } from './chat.ts';

export interface Readers {
  readonly readers: readonly User[];
  readonly more: boolean;
  readonly count: number;
  readonly members: number;
}

/**
 * Who has read a message of a read-only thread: what is said there is meant to be read by all. Elsewhere that is nobody's
 * business.
 * @throws forbidden, message_not_found, and as `onMessage`
 */
export async function readReaders(
  chat: Chat,
  actor: Actor,
  { message: id, after }: { message: number; after: number },
): Promise<Readers> {
  const { message, thread } = await onMessage(chat, actor, 'see_readers', id);
  if (thread.read_only === null)
    throw new PokersError('forbidden', 'who has read a message is shown in read-only threads');
  if (message.deleted !== null) throw new PokersError('message_not_found');
  const { store } = chat;
  const [found, count, members] = await Promise.all([
    readersOf(store, message, { after, limit: LIMITS.readersPage + 1 }),
    countReaders(store, message),
    store.countMembers(message.class),
  ]);
  const isMember = (await store.membership(message.speaker, message.class)) !== undefined;
  return {
    readers: found.slice(0, LIMITS.readersPage),
    more: found.length > LIMITS.readersPage,
    count,
    members: members - (isMember ? 1 : 0),
  };
}
