import type { Thread, User } from '../store/store.ts';
import { classroomFor } from './access.ts';
import type { Chat } from './chat.ts';

/** Opens a thread in a class that the user is in. @throws class_not_found */
export async function createThread(
  { store, now }: Chat,
  creator: User,
  draft: { classroom: number; name: string },
): Promise<Thread> {
  await classroomFor(store, creator, draft.classroom);
  return store.createThread({ ...draft, creator: creator.id, date: now() });
}
