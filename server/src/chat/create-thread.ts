import { sql } from 'kysely';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import type { Thread } from '../store/store.ts';
import { type Actor, inClass, requireThreadMaker } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

/** Opens a thread in a class. @throws as `inClass` and `requireThreadMaker` */
export async function createThread(
  chat: Chat,
  creator: Actor,
  draft: { classroom: number; name: string },
): Promise<Thread> {
  const { classroom, role } = await inClass(chat, creator, 'create_thread', draft.classroom);
  requireThreadMaker(role, classroom);
  const { store } = chat;
  const { db } = store;
  const date = chat.now();
  const { address } = creator;
  const action = 'thread.create';
  // Changes of a class follow one another: its newest thread is the one that was made by the step before.
  const detail = db
    .selectFrom('threads')
    .select(
      sql<string>`'{"thread":' || max(id) || ',"name":' || ${JSON.stringify(draft.name)} || '}'`.as('detail'),
    )
    .where('class_id', '=', classroom.id);
  const rows = await store.atomically([
    ...stillMay(db, classroom.id, creator, role),
    {
      query: db
        .insertInto('threads')
        .values({ class_id: classroom.id, name: draft.name, creator: creator.id, date })
        .returning('id'),
    },
    auditStep(
      db,
      { date, actor: creator, address, action, class: classroom.id },
      { detail: detail.$asScalar() },
    ),
  ]);
  const made = rows.flat().find((row) => typeof row.id === 'number');
  const thread = made && (await store.thread(Number(made.id)));
  if (!thread) throw new PokersError('thread_not_found'); // somebody has deleted it already
  tellClass(chat, classroom.id);
  return thread;
}
