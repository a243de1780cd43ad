import type { FileView } from '@pokers/protocol/files';
import type { Selectable } from 'kysely';
import type { Chat } from '../chat/chat.ts';
import type { Caps } from '../limits/caps.ts';
import type { Refusals } from '../limits/refusals.ts';
import { fileUrl } from '../store/file-url.ts';
import type { Tables } from '../store/tables.ts';
import type { Files } from './files.ts';
import type { Staging } from './staging.ts';

/** What the commands about files work with. */
export interface Keeping {
  readonly chat: Chat;
  readonly files: Files;
  readonly staging: Staging;
  readonly caps: Caps;
  readonly refusals: Refusals;
  /** Bytes that may be written yet to the disk where uploads, and files if they are there too, are. */
  readonly freeBytes: () => Promise<number>;
}

export type FileRow = Selectable<Tables['files']>;

/** Stands for the whole server in `file_space`. */
export const SERVER = 0;

const DAY_SECONDS = 24 * 60 * 60;

export function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_SECONDS);
}

/** @param offset bytes that have come */
export function fileView(row: FileRow, offset: number): FileView {
  const { id, name, size, type, width, height, preview, message } = row;
  const isPicture = width !== null && height !== null;
  return {
    id,
    class: row.class_id,
    name,
    size,
    offset,
    done: row.done !== null,
    url: fileUrl(row),
    ...(type !== null && { type }),
    ...(isPicture && { picture: { width, height, ...(preview !== null && { preview }) } }),
    ...(message !== null && { message }),
  };
}
