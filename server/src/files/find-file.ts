import { type Actor, inClass, onMessage } from '../chat/access.ts';
import { PokersError } from '../errors.ts';
import type { Readable } from './files.ts';
import type { FileRow, Keeping } from './keeping.ts';

/**
 * A file that the actor may see: who is in the class of its message, and its uploader before it is posted. What one may not
 * see looks like what does not exist.
 * @throws file_not_found, scope_missing
 */
export async function findFile({ chat }: Keeping, actor: Actor, id: number): Promise<FileRow> {
  const row = await chat.store.db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst();
  if (row?.gone !== 0) throw new PokersError('file_not_found');
  const { message } = row;
  if (message === null) {
    if (row.uploader !== actor.id) throw new PokersError('file_not_found');
    await inClass(chat, actor, 'see_class', row.class_id).catch(hidden);
  } else {
    await onMessage(chat, actor, 'see_class', message).catch(hidden);
  }
  return row;
}

/** Its bytes. @throws file_not_found where it has not come whole, or its bytes are lost */
export async function openFile({ files }: Keeping, row: FileRow): Promise<Readable> {
  const bytes = row.done === null ? undefined : await files.open(row.key);
  if (!bytes) throw new PokersError('file_not_found');
  return bytes;
}

function hidden(error: unknown): never {
  const isMissing = error instanceof PokersError && error.http === 404;
  throw isMissing ? new PokersError('file_not_found') : error;
}
