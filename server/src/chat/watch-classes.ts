import type { Connection } from '../hub/connection.ts';
import { classIdsOf } from '../store/members.ts';
import { type Actor, requireScope } from './access.ts';
import type { Chat } from './chat.ts';

/**
 * From now on the connection hears what is posted in all classes of its user, or no longer. A class that they enter or
 * leave later is added or taken away by `ClassChanges`.
 * @throws scope_missing
 */
export async function watchClasses(
  { store }: Chat,
  user: Actor,
  connection: Pick<Connection, 'watching'>,
  on: boolean,
): Promise<void> {
  requireScope(user, 'read');
  connection.watching = {
    ...connection.watching,
    classes: on ? await classIdsOf(store, user.id) : undefined,
  };
  if (!on) return;
  // They may have left one before anyone knew that this connection watches it.
  const still = new Set(await classIdsOf(store, user.id));
  const classes = connection.watching.classes?.filter((classroom) => still.has(classroom));
  connection.watching = { ...connection.watching, classes };
}
