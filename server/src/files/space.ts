import type { LimitsView } from '@pokers/protocol/files';
import { FILE_LIMITS } from '@pokers/protocol/limits';
import { sql } from 'kysely';
import { type Actor, inClass } from '../chat/access.ts';
import type { Step } from '../store/records.ts';
import { dayOf, type Keeping, SERVER } from './keeping.ts';

/** Room for files: what is taken is counted from the moment on at which an upload begins. */

/** Takes room for a file, or says which there is none of. @throws class_files_full, server_files_full, upload_allowance_used */
export function takeSpace(
  { chat, caps }: Keeping,
  file: { classroom: number; user: number; size: number },
): Step[] {
  const { db } = chat.store;
  const { classroom, user, size } = file;
  const day = dayOf(chat.now());
  return [
    ...takeFrom(classroom, caps.fileBytesPerClass, 'class_files_full'),
    ...takeFrom(SERVER, caps.fileBytesPerServer, 'server_files_full'),
    {
      query: db
        .insertInto('file_days')
        .values({ day, user_id: user, bytes: 0 })
        .onConflict((conflict) => conflict.doNothing()),
    },
    {
      query: db
        .updateTable('file_days')
        .set({ bytes: sql<number>`bytes + ${size}` })
        .where('day', '=', day)
        .where('user_id', '=', user)
        .where('bytes', '<=', caps.fileBytesPerDay - size),
      expect: { rows: 'some', otherwise: 'upload_allowance_used' },
    },
  ];

  function takeFrom(id: number, max: number, otherwise: 'class_files_full' | 'server_files_full'): Step[] {
    return [
      {
        query: db
          .insertInto('file_space')
          .values({ class_id: id, bytes: 0 })
          .onConflict((conflict) => conflict.doNothing()),
      },
      {
        query: db
          .updateTable('file_space')
          .set({ bytes: sql<number>`bytes + ${size}` })
          .where('class_id', '=', id)
          .where('bytes', '<=', max - size),
        expect: { rows: 'some', otherwise },
      },
    ];
  }
}

/** Gives the room of a file back. */
export function giveSpaceBack({ chat }: Keeping, file: { classroom: number; size: number }): Step {
  return {
    query: chat.store.db
      .updateTable('file_space')
      .set({ bytes: sql<number>`bytes - ${file.size}` })
      .where('class_id', 'in', [file.classroom, SERVER]),
  };
}

/** What never came does not count for the day on which it was begun. */
export function giveAllowanceBack(
  { chat }: Keeping,
  upload: { user: number; begun: number; bytes: number },
): Step {
  return {
    query: chat.store.db
      .updateTable('file_days')
      .set({ bytes: sql<number>`bytes - ${upload.bytes}` })
      .where('day', '=', dayOf(upload.begun))
      .where('user_id', '=', upload.user),
  };
}

/** What this user may upload, to this class where one is named. @throws as `inClass` */
export async function readLimits(keeping: Keeping, actor: Actor, classroom?: number): Promise<LimitsView> {
  const { chat, caps } = keeping;
  const { db } = chat.store;
  if (classroom !== undefined) await inClass(chat, actor, 'see_class', classroom);
  const today = await db
    .selectFrom('file_days')
    .select('bytes')
    .where('day', '=', dayOf(chat.now()))
    .where('user_id', '=', actor.id)
    .executeTakeFirst();
  const taken = await db
    .selectFrom('file_space')
    .selectAll()
    .where('class_id', 'in', [SERVER, classroom ?? SERVER])
    .execute();
  const takenOf = (id: number): number => taken.find(({ class_id }) => class_id === id)?.bytes ?? 0;
  const onDisk = Math.max(0, await keeping.freeBytes());
  return {
    file_bytes: caps.fileBytes,
    piece_bytes: FILE_LIMITS.pieceBytes,
    day_bytes: caps.fileBytesPerDay,
    day_left: Math.max(0, caps.fileBytesPerDay - (today?.bytes ?? 0)),
    class_bytes: caps.fileBytesPerClass,
    ...(classroom !== undefined && { class_left: Math.max(0, caps.fileBytesPerClass - takenOf(classroom)) }),
    server_left: Math.max(0, Math.min(caps.fileBytesPerServer - takenOf(SERVER), onDisk)),
  };
}
