import { LIMITS } from '@pokers/protocol/limits';
import type { Message, Reaction } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { MessageChange } from './store.ts';

/** The columns of a message that a change can touch. */
export type Changeable = Pick<
  Message,
  | 'content'
  | 'edited'
  | 'deleted'
  | 'pinned'
  | 'reactions'
  | 'mentions'
  | 'img_url'
  | 'file_url'
  | 'file_name'
  | 'file_size'
  | 'picture'
>;

/**
 * What a change makes of a message; undefined where nothing would be different.
 * @throws message_not_found (for a deleted one), limit_reached (emoji)
 */
export function applyChange(
  message: Message,
  change: MessageChange,
  by: number,
  date: number,
): Partial<Changeable> | undefined {
  if (message.deleted !== null) {
    if (change.kind === 'delete') return undefined;
    throw new PokersError('message_not_found');
  }
  switch (change.kind) {
    case 'edit':
      return edited(message, change.content, change.mentions ?? message.mentions, date);
    case 'delete':
      return { ...NOTHING_LEFT, deleted: date };
    case 'pin':
      return change.on === (message.pinned !== null) ? undefined : { pinned: change.on ? date : null };
    case 'react':
      return reacted(message.reactions, change.emoji, change.on, by);
  }
}

const NOTHING_LEFT: Partial<Changeable> = {
  content: null,
  pinned: null,
  reactions: [],
  mentions: [],
  img_url: null,
  file_url: null,
  file_name: null,
  file_size: null,
  picture: null,
};

function edited(
  { content, mentions }: Message,
  next: string,
  mentioned: readonly number[],
  date: number,
): Partial<Changeable> | undefined {
  const isSame = mentioned.length === mentions.length && mentioned.every((user) => mentions.includes(user));
  if (next === content && isSame) return undefined;
  return { content: next, edited: date, ...(!isSame && { mentions: mentioned }) };
}

function reacted(
  reactions: readonly Reaction[],
  emoji: string,
  on: boolean,
  by: number,
): Partial<Changeable> | undefined {
  const index = reactions.findIndex(([name]) => name === emoji);
  const users = reactions[index]?.[1] ?? [];
  if (users.includes(by) === on) return undefined;
  const others = users.filter((user) => user !== by);
  if (on && index < 0) {
    if (reactions.length >= LIMITS.emojiPerMessage) {
      throw new PokersError(
        'limit_reached',
        `at most ${LIMITS.emojiPerMessage} different emoji on a message`,
      );
    }
    return { reactions: [...reactions, [emoji, [by]]] };
  }
  const reaction: Reaction = [emoji, on ? [...others, by] : others];
  return { reactions: reactions.with(index, reaction).filter(([, users]) => users.length > 0) };
}
