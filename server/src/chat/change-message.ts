import type { Message } from '@pokers/protocol/message';
import type { AuditEntry } from '../store/audit.ts';
import type { MessageChange, User } from '../store/store.ts';
import type { Chat } from './chat.ts';

/** What every change of a message takes: which one, and the nonce that keeps it from taking effect twice. */
export interface Target {
  readonly message: number;
  readonly nonce?: string | undefined;
}

/**
 * Stores a change that the user may make and, once it is on disk, tells everyone in the thread.
 * @param entry of the class's log, stored with the change
 */
export async function changeMessage(
  { store, bus, now }: Chat,
  user: User,
  { message: id, nonce }: Target,
  change: MessageChange,
  entry?: AuditEntry,
): Promise<Message> {
  const request = {
    message: id,
    by: user.id,
    change,
    date: now(),
    ...(nonce !== undefined && { nonce }),
    ...(entry && { entry }),
  };
  const { message, fresh } = await store.changeMessage(request);
  if (fresh) bus.publish({ kind: 'changed', message });
  return message;
}
