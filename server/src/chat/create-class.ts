import type { Classroom, User } from '../store/store.ts';
import type { Chat } from './chat.ts';
import { joinCode } from './join-code.ts';

/** Makes a class with a code to join it by; its creator heads it. */
export function createClass(
  { store, now }: Chat,
  creator: User,
  draft: { name: string; description?: string | undefined },
): Promise<Classroom> {
  return store.createClassroom({
    name: draft.name,
    description: draft.description ?? '',
    code: joinCode(),
    head: creator.id,
    date: now(),
  });
}
