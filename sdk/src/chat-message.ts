import type { Change, PictureShape } from '@pokers/protocol/message';

/** A message as an application shows it. It never changes: a later state of it is another object. */
export interface ChatMessage {
  readonly id: number;
  /** The number of its last change in the thread. */
  readonly seq: number;
  readonly thread: number;
  readonly speaker: number;
  /** The speaker's name; empty where the server knows none. */
  readonly name: string;
  /** Unix seconds; 0 where unknown. */
  readonly date: number;
  /** Empty for a deleted message, and for a file without words. */
  readonly content: string;
  readonly deleted: boolean;
  /** When it was last edited, Unix seconds. */
  readonly edited?: number;
  readonly img?: string;
  /** Of the picture in `img`, where it is known: pixels, and a ThumbHash in base64. */
  readonly picture?: { readonly width: number; readonly height: number; readonly preview?: string };
  readonly file?: { readonly url: string; readonly name?: string; readonly size?: number };
  /** When it was pinned, Unix seconds; absent where it is not. */
  readonly pinned?: number;
  /** The message that it answers. */
  readonly reply?: number;
  /** Whom it mentions, by id; 0 is everyone. Empty where it mentions nobody. */
  readonly mentions: readonly number[];
  /** In the order in which the emoji came; empty where there are none. */
  readonly reactions: readonly MessageReaction[];
}

/** An emoji on a message: how many put it there, and the ids of the first of them (the server names at most 20). */
export interface MessageReaction {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly number[];
}

const NOBODY: readonly number[] = [];
const NO_REACTIONS: readonly MessageReaction[] = [];

/** The message that a change of the wire describes. */
export function toChatMessage(thread: number, change: Change, name: string): ChatMessage {
  const [seq, id, speaker, date, content, extra] = change;
  return {
    id,
    seq,
    thread,
    speaker,
    name,
    date,
    content: content === 0 ? '' : content,
    deleted: content === 0,
    ...(extra?.ed !== undefined && { edited: extra.ed }),
    ...(extra?.img !== undefined && { img: extra.img }),
    ...(extra?.pic && { picture: toPicture(extra.pic) }),
    ...(extra?.file !== undefined && { file: extra.file }),
    ...(extra?.pin !== undefined && { pinned: extra.pin }),
    ...(extra?.to !== undefined && { reply: extra.to }),
    mentions: extra?.at ?? NOBODY,
    reactions: extra?.re?.map(([emoji, count, users]) => ({ emoji, count, users })) ?? NO_REACTIONS,
  };
}

function toPicture([width, height, preview]: PictureShape): NonNullable<ChatMessage['picture']> {
  return { width, height, ...(preview !== undefined && { preview }) };
}
