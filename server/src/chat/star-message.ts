import { LIMITS } from '@pokers/protocol/limits';
import { PokersError } from '../errors.ts';
import { countStars, starStep, unstarStep } from '../store/stars.ts';
import { type Actor, onMessage } from './access.ts';
import type { Chat } from './chat.ts';

/**
 * Keeps a message among one's own starred ones, or no longer. Doing it again changes nothing.
 * @throws limit_reached, message_not_found (also for a deleted one), store_unavailable, and as `onMessage`
 */
export async function starMessage(
  chat: Chat,
  user: Actor,
  { message: id, on }: { message: number; on: boolean },
): Promise<void> {
  const { message } = await onMessage(chat, user, 'star_message', id);
  const { store, now } = chat;
  const star = { user: user.id, message: id, date: now() };
  if (!on) return void (await store.atomically([unstarStep(store.db, star)]));
  if (message.deleted !== null) throw new PokersError('message_not_found');
  if ((await countStars(store, user.id)) >= LIMITS.starsPerUser)
    throw new PokersError('limit_reached', `at most ${LIMITS.starsPerUser} starred messages`);
  await store.atomically([starStep(store.db, star)]);
}
