import type { LimitsView } from '@pokers/protocol/files';
import type { PostExtra } from '@pokers/sdk';

/** A picture that was made smaller for a thin line. */
export interface SmallerPicture {
  readonly bytes: Blob;
  readonly name: string;
}

/** What was found out about a picture here, before it is sent. */
export interface PreparedPicture {
  /** A ThumbHash in base64, which is sent along. */
  readonly preview: string;
  /** Undefined where it would not be much smaller. */
  readonly smaller?: SmallerPicture | undefined;
}

/** What words have beside themselves. */
export type WordsExtra = Pick<PostExtra, 'reply' | 'mentions'>;

/** A file that is about to be sent, or on its way. A later state of it is another object. */
export interface Attachment {
  readonly key: string;
  readonly classId: number;
  readonly threadId: number;
  readonly name: string;
  readonly file: Blob;
  /** Undefined for what is no picture. */
  readonly picture?: PreparedPicture | undefined;
  /** Whether a picture goes as it was chosen. */
  readonly original: boolean;
  /** What is said with it. */
  readonly words: string;
  readonly extra?: WordsExtra | undefined;
  /** `preparing`: a picture is looked at; `chosen`: it waits for its sender to send it. */
  readonly state: 'preparing' | 'chosen' | 'sending' | 'failed';
  /** The upload, once it was begun. */
  readonly id?: number | undefined;
  /** Bytes that are on the server's disk. */
  readonly sent: number;
  readonly failure?: unknown;
}

/** The bytes that are sent, and their name. */
export function outgoing({ name, file, picture, original }: Attachment): SmallerPicture {
  return !original && picture?.smaller ? picture.smaller : { bytes: file, name };
}

export type Refusal = 'fileTooLarge' | 'dayUsed' | 'classFull' | 'serverFull';

/** Why a file would be refused, and how many bytes it may have; undefined where it would not. */
export function refusalOf(
  size: number,
  { file_bytes, day_left, class_left, server_left }: LimitsView,
): { readonly reason: Refusal; readonly bytes: number } | undefined {
  if (size > file_bytes) return { reason: 'fileTooLarge', bytes: file_bytes };
  if (size > day_left) return { reason: 'dayUsed', bytes: day_left };
  if (class_left !== undefined && size > class_left) return { reason: 'classFull', bytes: class_left };
  return size > server_left ? { reason: 'serverFull', bytes: server_left } : undefined;
}
