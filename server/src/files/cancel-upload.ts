import { type Actor, requireScope } from '../chat/access.ts';
import type { Keeping } from './keeping.ts';
import { ownUpload } from './own-upload.ts';
import { removeFile } from './sweep-files.ts';

/** Forgets a file of one's own that was not posted. @throws scope_missing, file_not_found (also where it was posted) */
export async function cancelUpload(keeping: Keeping, actor: Actor, id: number): Promise<void> {
  requireScope(actor, 'write');
  const row = await ownUpload(keeping, actor, id);
  const { db } = keeping.chat.store;
  await keeping.chat.store.atomically([
    {
      query: db.updateTable('files').set({ gone: 1 }).where('id', '=', id).where('message', 'is', null),
      expect: { rows: 'some', otherwise: 'file_not_found' },
    },
  ]);
  await removeFile(keeping, row);
}
