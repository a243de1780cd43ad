import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { type Actor, inThread } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

/**
 * Deletes a thread with all that was said in it; nobody sees it from now on, and what it held is removed soon after.
 * @param confirm the thread's name
 * @throws bad_request where that is not its name, and as `inThread`
 */
export async function deleteThread(chat: Chat, actor: Actor, id: number, confirm: string): Promise<void> {
  const { thread, role } = await inThread(chat, actor, 'delete_thread', id);
  if (confirm.trim() !== thread.name)
    throw new PokersError('bad_request', 'confirm must be the name of the thread');
  const { store } = chat;
  const { db } = store;
  const date = chat.now();
  await store.atomically([
    ...stillMay(db, thread.class, actor, role),
    {
      query: db
        .updateTable('threads')
        .set({ deleted: date })
        .where('id', '=', id)
        .where('deleted', 'is', null),
      expect: { rows: 'some', otherwise: 'thread_not_found' },
    },
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'thread.delete',
      class: thread.class,
      detail: { thread: id, name: thread.name, messages: thread.messages },
    }),
  ]);
  tellClass(chat, thread.class);
}
