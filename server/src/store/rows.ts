import { EVERYONE, type Message, type PictureShape, type Reaction } from '@pokers/protocol/message';

/** A row of `messages` as every engine gives it. */
export type MessageRow = Omit<Message, 'awaits_announce' | 'reactions' | 'mentions' | 'picture'> & {
  readonly picture: string | null;
  readonly reactions: string | null;
  readonly mentions: string | null;
  readonly nonce: string | null;
  readonly awaits_announce: 0 | 1;
};

/**
 * By name: a newer server that shares the database may have added others, which are no part of what we tell clients, and
 * PostgreSQL refuses a statement that it keeps ready when what `*` stands for changes.
 */
const COLUMNS: readonly (keyof MessageRow)[] = [
  'id',
  'thread',
  'class',
  'seq',
  'number',
  'speaker',
  'speaker_name',
  'is_super',
  'type',
  'content',
  'date',
  'img_url',
  'file_url',
  'file_name',
  'file_size',
  'picture',
  'emoji_1',
  'emoji_2',
  'emoji_3',
  'log',
  'nonce',
  'edited',
  'deleted',
  'pinned',
  'reply',
  'mentions',
  'reactions',
  'awaits_announce',
];

export const MESSAGE_COLUMNS = COLUMNS.join(', ');

/** The same of a table `m`. */
export const COLUMNS_OF_M = COLUMNS.map((column) => `m.${column}`).join(', ');

export function toMessage(row: MessageRow): Message {
  const { nonce: _nonce, awaits_announce, reactions, mentions, picture, ...message } = row;
  return {
    ...message,
    picture: picture === null ? null : (JSON.parse(picture) as PictureShape),
    reactions: toReactions(reactions),
    mentions: toMentions(mentions),
    awaits_announce: awaits_announce === 1,
  };
}

/** The columns that a change of a message writes. */
export function toColumns(message: Message): Record<string, string | number | null> {
  const { id, seq, content, edited, deleted, pinned, img_url, file_url, file_name, file_size } = message;
  const reactions = message.reactions.length > 0 ? JSON.stringify(message.reactions) : null;
  const picture = message.picture === null ? null : JSON.stringify(message.picture);
  const mentions = mentionsColumn(message.mentions);
  const shown = { img_url, file_url, file_name, file_size, picture };
  return { id, seq, content, edited, deleted, pinned, reactions, mentions, ...shown };
}

/** As it stands in the row. */
export function mentionsColumn(mentions: readonly number[]): string | null {
  return mentions.length > 0 ? JSON.stringify(mentions) : null;
}

/** The users under whom a message's mentions are counted: everyone is one of them, and no one besides. */
export function countedUnder(mentions: readonly number[]): readonly number[] {
  return mentions.includes(EVERYONE) ? [EVERYONE] : mentions;
}

const NONE: readonly Reaction[] = [];
const NOBODY: readonly number[] = [];

function toMentions(json: string | null): readonly number[] {
  return json === null ? NOBODY : (JSON.parse(json) as number[]);
}

function toReactions(json: string | null): readonly Reaction[] {
  return json === null ? NONE : (JSON.parse(json) as Reaction[]);
}
