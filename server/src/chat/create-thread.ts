import { auditStep } from '../store/audit.ts';
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
  const date = chat.now();
  const thread = await store.createThread({ ...draft, creator: creator.id, date });
  await store.atomically([
    auditStep(store.db, {
      date,
      actor: creator,
      address: creator.address,
      action: 'thread.create',
      class: classroom.id,
      detail: { thread: thread.id, name: thread.name },
    }),
  ]);
  tellClass(chat, classroom.id);
  return thread;
}
