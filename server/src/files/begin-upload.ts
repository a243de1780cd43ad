import { randomBytes } from 'node:crypto';
import { type Actor, inClass } from '../chat/access.ts';
import { PokersError } from '../errors.ts';
import { fileName } from './file-name.ts';
import type { FileRow, Keeping } from './keeping.ts';
import { takeSpace } from './space.ts';

/** Nobody guesses a key, and no two are the same. */
const KEY_BYTES = 16;

export interface Upload {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256?: string | undefined;
  readonly preview?: string | undefined;
}

/**
 * Takes room for a file, whose bytes then come in pieces. @throws file_too_large, limit_reached, as `takeSpace` and `inClass`
 */
export async function beginUpload(
  keeping: Keeping,
  actor: Actor,
  classroom: number,
  { name, size, sha256, preview }: Upload,
): Promise<FileRow> {
  const { chat, caps } = keeping;
  await inClass(chat, actor, 'upload_file', classroom);
  if (size > caps.fileBytes) throw new PokersError('file_too_large', `at most ${caps.fileBytes} bytes`);
  if ((await keeping.freeBytes()) < size) throw new PokersError('server_files_full');
  const { db } = chat.store;
  const rows = await chat.store.atomically([
    {
      query: db
        .selectFrom('files')
        .select('id')
        .where('uploader', '=', actor.id)
        .where('done', 'is', null)
        .limit(1)
        .offset(caps.uploadsPerUser - 1),
      expect: {
        rows: 'none',
        otherwise: 'limit_reached',
        detail: `at most ${caps.uploadsPerUser} uploads that are not finished`,
      },
    },
    ...takeSpace(keeping, { classroom, user: actor.id, size }),
    {
      query: db
        .insertInto('files')
        .values({
          class_id: classroom,
          uploader: actor.id,
          name: fileName(name),
          size,
          key: randomBytes(KEY_BYTES).toString('hex'),
          sha256: sha256 ?? null,
          preview: preview ?? null,
          begun: chat.now(),
        })
        .returningAll(),
    },
  ]);
  // The steps end with the row that was inserted, of this very table.
  return rows.at(-1)?.[0] as unknown as FileRow;
}
