import type { CommandName } from '@pokers/protocol/rights';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { type Actor, type InThread, inThread } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

export interface ThreadChange {
  readonly name?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly read_only?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

/** Renames a thread, pins it, makes it read-only, archives it, or takes that back. @throws as `inThread` */
export async function changeThread(
  chat: Chat,
  actor: Actor,
  id: number,
  change: ThreadChange,
): Promise<void> {
  const { name, pinned, read_only, archived } = change;
  const commands: CommandName[] = [];
  if (pinned !== undefined) commands.push('pin_thread');
  if (read_only !== undefined) commands.push('lock_thread');
  if (archived !== undefined) commands.push('archive_thread');
  if (name !== undefined || commands.length === 0) commands.push('rename_thread');
  let found: InThread | undefined;
  for (const command of commands) found = await inThread(chat, actor, command, id);
  if (!found) return;
  const { role, thread } = found;
  const classroom = thread.class;

  const date = chat.now();
  const columns = {
    ...(name !== undefined && { name }),
    ...(pinned !== undefined && { pinned: pinned ? date : null }),
    ...(read_only !== undefined && { read_only: read_only ? date : null }),
    ...(archived !== undefined && { archived: archived ? date : null }),
  };
  if (Object.keys(columns).length === 0) return;
  const { store } = chat;
  const { db } = store;
  const detail = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await store.atomically([
    ...stillMay(db, classroom, actor, role),
    {
      query: db.updateTable('threads').set(columns).where('id', '=', id).where('deleted', 'is', null),
      expect: { rows: 'some', otherwise: 'thread_not_found' },
    },
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'thread.change',
      class: classroom,
      detail: { thread: id, ...detail },
    }),
  ]);
  tellClass(chat, classroom);
}
