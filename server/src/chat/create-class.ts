import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import type { Classroom } from '../store/store.ts';
import { type Actor, requireScope } from './access.ts';
import type { Chat } from './chat.ts';
import { classMaker } from './entrusted.ts';
import { joinCode } from './join-code.ts';

/**
 * Makes a class with a code to join it by; its creator heads it.
 * @throws scope_missing, forbidden (the server's settings let its heads alone make classes)
 */
export async function createClass(
  chat: Chat,
  creator: Actor,
  draft: { name: string; description?: string | undefined },
): Promise<Classroom> {
  const { store, now } = chat;
  requireScope(creator, 'manage');
  const { db } = store;
  const { name, description = '' } = draft;
  const code = joinCode();
  const date = now();
  const { address } = creator;
  const made = db.selectFrom('classes').select('id').where('code', '=', code);
  await store.atomically([
    {
      query: classMaker(db, creator),
      expect: { rows: 'some', otherwise: 'forbidden', detail: 'on this server its heads make the classes' },
    },
    { query: db.insertInto('classes').values({ name, description, code, date }) },
    { query: db.insertInto('members').values({ class_id: made, user_id: creator.id, role: 'head', date }) },
    auditStep(
      db,
      { date, actor: creator, address, action: 'class.create', detail: { name } },
      { class_id: made.$asScalar() },
    ),
  ]);
  const classroom = await store.classroomByCode(code);
  if (!classroom) throw new PokersError('class_not_found');
  return classroom;
}
