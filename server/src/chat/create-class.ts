import type { Classroom } from '../store/store.ts';
import { type Actor, requireScope } from './access.ts';
import type { Chat } from './chat.ts';
import { joinCode } from './join-code.ts';

/** Makes a class with a code to join it by; its creator heads it. */
export async function createClass(
  { store, now }: Chat,
  creator: Actor,
  draft: { name: string; description?: string | undefined },
): Promise<Classroom> {
  requireScope(creator, 'manage');
  return store.createClassroom({
    name: draft.name,
    description: draft.description ?? '',
    code: joinCode(),
    head: creator.id,
    date: now(),
  });
}
