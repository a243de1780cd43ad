import type { Joining, ThreadMakers } from '@pokers/protocol/classes';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { type Actor, inClass } from './access.ts';
import { type Chat, tellClass } from './chat.ts';

export interface ClassChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly joining?: Joining | undefined;
  readonly threads_by?: ThreadMakers | undefined;
  readonly archived?: boolean | undefined;
}

/** Renames a class, describes it, sets who gets in and who creates threads, archives it. @throws as `inClass` */
export async function changeClass(chat: Chat, actor: Actor, id: number, change: ClassChange): Promise<void> {
  const { archived, ...rest } = change;
  const settings = given(rest);
  const isSet = Object.keys(settings).length > 0;
  // What is taken back and changed at the same time is judged as it will be.
  const first = archived !== undefined || !isSet ? 'archive_class' : 'set_class';
  const { role } = await inClass(chat, actor, first, id);
  if (isSet && archived === true) await inClass(chat, actor, 'set_class', id);

  const { store } = chat;
  const date = chat.now();
  const columns = { ...settings, ...(archived !== undefined && { archived: archived ? date : null }) };
  if (Object.keys(columns).length === 0) return;
  await store.atomically([
    ...stillMay(store.db, id, actor, role),
    {
      query: store.db.updateTable('classes').set(columns).where('id', '=', id),
      expect: { rows: 'some', otherwise: 'class_not_found' },
    },
    ...actionsOf(change).map((action) =>
      auditStep(store.db, {
        date,
        actor,
        address: actor.address,
        action,
        class: id,
        detail: detailOf(settings),
      }),
    ),
  ]);
  tellClass(chat, id);
}

function given(settings: Omit<ClassChange, 'archived'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function actionsOf({ archived, ...settings }: ClassChange): string[] {
  const actions: string[] = [];
  if (Object.values(settings).some((value) => value !== undefined)) actions.push('class.change');
  if (archived !== undefined) actions.push(archived ? 'class.archive' : 'class.unarchive');
  return actions;
}

/** Long texts would fill the log. */
function detailOf({ description, ...settings }: Record<string, string>): Record<string, string> {
  return description === undefined ? settings : { ...settings, description: description.slice(0, 100) };
}
