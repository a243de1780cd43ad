import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import type { Records } from '../store/records.ts';
import { type Actor, inClass } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

/** The picture of a class. */
export interface Picture {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export async function pictureOf({ db }: Records, classroom: number): Promise<Picture | undefined> {
  const row = await db
    .selectFrom('pictures')
    .select(['type', 'base64'])
    .where('class_id', '=', classroom)
    .executeTakeFirst();
  return row && { type: row.type, bytes: Buffer.from(row.base64, 'base64') };
}

/** Gives a class another picture, or none. @throws as `inClass` */
export async function setPicture(
  chat: Chat,
  actor: Actor,
  id: number,
  picture: Picture | undefined,
): Promise<void> {
  const { role } = await inClass(chat, actor, 'set_class', id);
  const { db } = chat.store;
  const hash = picture ? new Bun.CryptoHasher('sha256').update(picture.bytes).digest('hex') : null;
  await chat.store.atomically([
    ...stillMay(db, id, actor, role),
    { query: db.deleteFrom('pictures').where('class_id', '=', id) },
    ...(picture
      ? [
          {
            query: db.insertInto('pictures').values({
              class_id: id,
              type: picture.type,
              base64: Buffer.from(picture.bytes).toString('base64'),
            }),
          },
        ]
      : []),
    { query: db.updateTable('classes').set({ picture: hash }).where('id', '=', id) },
    auditStep(db, {
      date: chat.now(),
      actor,
      address: actor.address,
      action: picture ? 'class.picture' : 'class.picture_removed',
      class: id,
    }),
  ]);
  tellClass(chat, id);
}
