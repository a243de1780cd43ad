import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { addMember, forgetRequest, notBanned, stillLetsIn } from '../store/class-steps.ts';
import type { Classroom } from '../store/store.ts';
import { type Actor, requireScope } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { normalizeJoinCode } from './join-code.ts';

export interface Joined {
  readonly classroom: Classroom;
  /** Whether a teacher has to let them in first. */
  readonly mustWait: boolean;
}

/**
 * Enters a class by its code, as a student, or asks to. Who is in it already stays what they are.
 * @throws join_code_not_found, joining_closed, class_archived, banned
 */
export async function joinClass(chat: Chat, actor: Actor, typedCode: string): Promise<Joined> {
  requireScope(actor, 'manage');
  const { store } = chat;
  const classroom = await store.classroomByCode(normalizeJoinCode(typedCode));
  if (!classroom) throw new PokersError('join_code_not_found');
  if (await store.membership(actor.id, classroom.id)) return { classroom, mustWait: false };
  if (classroom.archived !== null) throw new PokersError('class_archived');
  if (classroom.joining === 'closed') throw new PokersError('joining_closed');
  const mustWait = classroom.joining === 'approval';
  await (mustWait ? ask(chat, actor, classroom) : enter(chat, actor, classroom));
  tellClass(chat, classroom.id);
  return { classroom, mustWait };
}

async function enter({ store, now }: Chat, actor: Actor, classroom: Classroom): Promise<void> {
  const { db } = store;
  const { id } = classroom;
  const date = now();
  await store.atomically([
    ...stillLetsIn(db, classroom),
    notBanned(db, id, actor.id),
    ...addMember(db, { classroom: id, user: actor.id, role: 'student', date }),
    forgetRequest(db, id, actor.id),
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'member.join',
      class: id,
      user: actor,
      detail: { by: 'code', role: 'student' },
    }),
  ]);
}

/** Asking again changes nothing. */
async function ask({ store, now }: Chat, actor: Actor, classroom: Classroom): Promise<void> {
  const { db } = store;
  const { id } = classroom;
  await store.atomically([
    ...stillLetsIn(db, classroom),
    notBanned(db, id, actor.id),
    {
      query: db
        .insertInto('requests')
        .values({ class_id: id, user_id: actor.id, date: now() })
        .onConflict((conflict) => conflict.doNothing()),
    },
  ]);
}
