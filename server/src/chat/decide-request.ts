import { auditStep } from '../store/audit.ts';
import { addMember, notBanned, stillMay } from '../store/class-steps.ts';
import type { User } from '../store/store.ts';
import { type Actor, inClass } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

/**
 * Lets someone in who asked, as a student, or not.
 * @throws request_not_found, banned, and as `inClass`
 */
export async function decideRequest(
  chat: Chat,
  actor: Actor,
  { classroom, user, accept }: { classroom: number; user: User; accept: boolean },
): Promise<void> {
  const { role } = await inClass(chat, actor, 'decide_request', classroom);
  const { store } = chat;
  const { db } = store;
  const date = chat.now();
  await store.atomically([
    ...stillMay(db, classroom, actor, role),
    {
      query: db.deleteFrom('requests').where('class_id', '=', classroom).where('user_id', '=', user.id),
      expect: { rows: 'some', otherwise: 'request_not_found' },
    },
    ...(accept
      ? [
          notBanned(db, classroom, user.id),
          ...addMember(db, { classroom, user: user.id, role: 'student', date }),
        ]
      : []),
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: accept ? 'request.accept' : 'request.refuse',
      class: classroom,
      user,
    }),
  ]);
  tellClass(chat, classroom);
}
