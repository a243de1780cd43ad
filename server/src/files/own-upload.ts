import type { Actor } from '../chat/access.ts';
import { PokersError } from '../errors.ts';
import type { FileRow, Keeping } from './keeping.ts';

/** A file that the actor uploads, or has uploaded. @throws file_not_found */
export async function ownUpload({ chat }: Keeping, actor: Actor, id: number): Promise<FileRow> {
  const row = await chat.store.db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst();
  if (row?.uploader !== actor.id || row.gone !== 0) throw new PokersError('file_not_found');
  return row;
}
