import type { Message, PictureShape, Reaction } from '@pokers/protocol/message';

/** A row of `messages` as every engine gives it. */
export type MessageRow = Omit<Message, 'awaits_announce' | 'reactions' | 'picture'> & {
  readonly picture: string | null;
  readonly reactions: string | null;
  readonly nonce: string | null;
  readonly awaits_announce: 0 | 1;
};

export function toMessage(row: MessageRow): Message {
  const { nonce: _nonce, awaits_announce, reactions, picture, ...message } = row;
  return {
    ...message,
    picture: picture === null ? null : (JSON.parse(picture) as PictureShape),
    reactions: toReactions(reactions),
    awaits_announce: awaits_announce === 1,
  };
}

/** The columns that a change of a message writes. */
export function toColumns(message: Message): Record<string, string | number | null> {
  const { id, seq, content, edited, deleted, pinned, img_url, file_url, file_name, file_size } = message;
  const reactions = message.reactions.length > 0 ? JSON.stringify(message.reactions) : null;
  const picture = message.picture === null ? null : JSON.stringify(message.picture);
  const shown = { img_url, file_url, file_name, file_size, picture };
  return { id, seq, content, edited, deleted, pinned, reactions, ...shown };
}

const NONE: readonly Reaction[] = [];

function toReactions(json: string | null): readonly Reaction[] {
  return json === null ? NONE : (JSON.parse(json) as Reaction[]);
}
