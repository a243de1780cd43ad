import { LIMITS } from './limits.ts';

/** A message as the store holds it. Times are Unix seconds. */
export interface Message {
  readonly id: number;
  /** The number of this message's last change in its thread. */
  readonly seq: number;
  /** The how-manieth message of its thread it is, from 1. It never changes. */
  readonly number: number;
  readonly thread: number;
  readonly class: number;
  readonly speaker: number;
  /** The speaker's name when it was posted. */
  readonly speaker_name: string;
  /** 1 when the speaker was a teacher of the class. */
  readonly is_super: number | null;
  readonly type: 'text' | 'file';
  /** Null for a deleted message, and for a file without words. */
  readonly content: string | null;
  readonly date: number | null;
  readonly img_url: string | null;
  readonly file_url: string | null;
  readonly file_name: string | null;
  readonly file_size: number | null;
  /** Of a picture that was uploaded here. */
  readonly picture: PictureShape | null;
  /** The three fixed reactions of the original, as counts. */
  readonly emoji_1: number | null;
  readonly emoji_2: number | null;
  readonly emoji_3: number | null;
  /** An entry in the original's audit log. */
  readonly log: number | null;
  readonly edited: number | null;
  /** When it was pinned. */
  readonly pinned: number | null;
  /** The message of the thread that it answers; it may be deleted by now. */
  readonly reply: number | null;
  /** The members whom it calls by name, by id; `EVERYONE` calls the class. */
  readonly mentions: readonly number[];
  /** Who reacted with what, in the order in which the emoji came. */
  readonly reactions: readonly Reaction[];
  readonly deleted: number | null;
  /** Stored over HTTP by a client that will announce it to classic connections itself. */
  readonly awaits_announce: boolean;
}

/** Width and height in pixels as it is shown, and a tiny preview: a ThumbHash in base64. Room can be kept before it comes. */
export type PictureShape =
  | readonly [width: number, height: number]
  | readonly [width: number, height: number, preview: string];

/** Among mentions: everyone in the class. */
export const EVERYONE = 0;

/** An emoji, and the ids of those who put it there. */
export type Reaction = readonly [emoji: string, users: readonly number[]];

/** On the wire: an emoji, how many put it there, and who, up to `LIMITS.reactorsNamed`. */
export type ReactionCount = readonly [emoji: string, count: number, users: readonly number[]];

/** What a change carries beside the five things that every change has. */
export interface ChangeExtra {
  /** When it was edited, Unix seconds. */
  ed?: number;
  img?: string;
  /** Of the picture, where it is known. */
  pic?: PictureShape;
  file?: { url: string; name?: string; size?: number };
  /** When it was pinned, Unix seconds. */
  pin?: number;
  re?: readonly ReactionCount[];
  /** The message that it answers. */
  to?: number;
  /** Whom it calls by name: user ids, 0 for everyone. */
  at?: readonly number[];
}

/**
 * The present state of one message, as the v2 wire carries it: seq, id, speaker, date (Unix seconds, 0 if unknown),
 * content (0 if deleted) and, only where there is any, the rest. Live events, history and resume all speak it.
 */
export type Change =
  | readonly [seq: number, id: number, speaker: number, date: number, content: string | 0]
  | readonly [
      seq: number,
      id: number,
      speaker: number,
      date: number,
      content: string | 0,
      extra: ChangeExtra,
    ];

export function toChange(message: Message): Change {
  const { seq, id, speaker, date } = message;
  if (message.deleted !== null) return [seq, id, speaker, date ?? 0, 0];
  const extra = extraOf(message);
  const content = message.content ?? '';
  return extra ? [seq, id, speaker, date ?? 0, content, extra] : [seq, id, speaker, date ?? 0, content];
}

/** `since` is given where the changes do not simply follow each other: they are all that came after it. */
export function encodeEvents(thread: number, changes: readonly Change[], since?: number): string {
  const tail = since === undefined ? '' : `,"s":${since}`;
  return `{"op":"ev","t":${thread},"e":${JSON.stringify(changes)}${tail}}`;
}

function extraOf(message: Message): ChangeExtra | undefined {
  const extra: ChangeExtra = {};
  if (message.edited !== null) extra.ed = message.edited;
  if (message.img_url) extra.img = message.img_url;
  if (message.picture) extra.pic = message.picture;
  if (message.file_url) {
    extra.file = { url: message.file_url };
    if (message.file_name) extra.file.name = message.file_name;
    if (message.file_size !== null) extra.file.size = message.file_size;
  }
  if (message.pinned !== null) extra.pin = message.pinned;
  if (message.reply !== null) extra.to = message.reply;
  if (message.mentions.length > 0) extra.at = message.mentions;
  if (message.reactions.length > 0) extra.re = countReactions(message.reactions);
  return Object.keys(extra).length > 0 ? extra : undefined;
}

export function countReactions(reactions: readonly Reaction[]): ReactionCount[] {
  return reactions.map(([emoji, users]) => [emoji, users.length, users.slice(0, LIMITS.reactorsNamed)]);
}
