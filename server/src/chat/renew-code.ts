import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { type Actor, inClass } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { joinCode } from './join-code.ts';

/** Gives a class another code; the old one is no code any more. @throws as `inClass` */
export async function renewCode(chat: Chat, actor: Actor, id: number): Promise<void> {
  const { role } = await inClass(chat, actor, 'invite', id);
  const { db } = chat.store;
  await chat.store.atomically([
    ...stillMay(db, id, actor, role),
    { query: db.updateTable('classes').set({ code: joinCode() }).where('id', '=', id) },
    auditStep(db, { date: chat.now(), actor, address: actor.address, action: 'class.code', class: id }),
  ]);
  tellClass(chat, id);
}
