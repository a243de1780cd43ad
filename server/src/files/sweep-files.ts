import { FILE_LIMITS } from '@pokers/protocol/limits';
import { PokersError } from '../errors.ts';
import { dayOf, type FileRow, type Keeping } from './keeping.ts';
import { giveAllowanceBack, giveSpaceBack } from './space.ts';

/** Files that are removed before others get their turn. */
const AT_ONCE = 100;

const HOUR_SECONDS = 60 * 60;

/** Removes files whose messages were deleted, and uploads that nobody posted. */
export async function sweepFiles(keeping: Keeping): Promise<void> {
  const { store, now } = keeping.chat;
  const { db } = store;
  const old = now() - FILE_LIMITS.uploadHours * HOUR_SECONDS;
  // A post that comes at the same moment finds it gone, or this finds it posted.
  const unposted = db
    .selectFrom('files')
    .select('id')
    .where('message', 'is', null)
    .where('begun', '<', old)
    .where('gone', '=', 0)
    .limit(AT_ONCE);
  if (await unposted.executeTakeFirst())
    await store.atomically([
      {
        query: db
          .updateTable('files')
          .set({ gone: 1 })
          .where('id', 'in', unposted)
          .where('message', 'is', null),
      },
    ]);
  const gone = await db.selectFrom('files').selectAll().where('gone', '=', 1).limit(AT_ONCE).execute();
  for (const row of gone) await removeFile(keeping, row);
}

/** Forgets what was uploaded on days that are over: nobody is held up by it any more. */
export async function forgetFileDays({ chat }: Keeping): Promise<void> {
  const { store, now } = chat;
  const before = dayOf(now() - FILE_LIMITS.uploadHours * HOUR_SECONDS);
  await store.atomically([{ query: store.db.deleteFrom('file_days').where('day', '<', before) }]);
}

/** Removes what is left on this machine of uploads that ended elsewhere: by then no upload is so old any more. */
export function forgetStaged({ chat, staging }: Keeping): Promise<void> {
  return staging.removeOld((chat.now() - FILE_LIMITS.uploadHours * HOUR_SECONDS) * 1000);
}

/** The bytes first: where something comes in between, the row still says that they are there. */
export async function removeFile(keeping: Keeping, row: FileRow): Promise<void> {
  const { chat, files, staging } = keeping;
  const { uploader: user, begun, size, class_id: classroom } = row;
  const came = row.done === null ? await staging.settled(row.key) : size;
  await staging.remove(row.key);
  await files.remove(row.key);
  await chat.store
    .atomically([
      {
        query: chat.store.db.deleteFrom('files').where('id', '=', row.id),
        expect: { rows: 'some', otherwise: 'file_not_found' },
      },
      giveSpaceBack(keeping, { classroom, size }),
      giveAllowanceBack(keeping, { user, begun, bytes: size - came }),
    ])
    .catch((error: unknown) => {
      // Another process, or who cancelled it, was faster: it is counted once.
      if (!(error instanceof PokersError && error.error === 'file_not_found')) throw error;
    });
}
