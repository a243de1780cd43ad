import type { HeadlessClassView } from '@pokers/protocol/classes';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { activeHeads, forgetRequest, inTurn, notBanned } from '../store/class-steps.ts';
import type { Records } from '../store/records.ts';
import { type Actor, requireScope } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { serverHead } from './entrusted.ts';
import { nameOf, type Target } from './member-change.ts';

/** Classes that nobody heads who could sign in (an import or a disabled account left them so), beyond an id. */
export async function headlessClasses(
  { db }: Pick<Records, 'db'>,
  page: { after: number; limit: number },
): Promise<HeadlessClassView[]> {
  const rows = await db
    .selectFrom('classes')
    .select(({ selectFrom, fn }) => [
      'id',
      'name',
      'archived',
      selectFrom('members')
        .select(fn.countAll().as('count'))
        .whereRef('members.class_id', '=', 'classes.id')
        .as('members'),
    ])
    .where('id', 'not in', activeHeads(db))
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute();
  return rows.map(({ id, name, archived, members }) => ({
    id,
    name,
    members: Number(members),
    ...(archived !== null && { archived }),
  }));
}

/**
 * A head of the server makes someone, a member or not, head of a class that has none who could sign in. A class with a
 * head is its own affair.
 * @throws forbidden, class_not_found, class_has_head, user_not_found, account_disabled, banned
 */
export async function giveHead(chat: Chat, actor: Actor, { classroom, user: id }: Target): Promise<void> {
  requireScope(actor, 'manage');
  const { store } = chat;
  const { db } = store;
  const [user, found] = await Promise.all([nameOf(store, id), store.classroom(classroom)]);
  if (!found) throw new PokersError('class_not_found');
  if (!user) throw new PokersError('user_not_found');
  const date = chat.now();
  const entry = { date, actor, address: actor.address, action: 'class.give_head', user };
  await store.atomically([
    inTurn(db, classroom),
    { query: serverHead(db, actor), expect: { rows: 'some', otherwise: 'forbidden' } },
    {
      query: activeHeads(db).where('class_id', '=', classroom),
      expect: { rows: 'none', otherwise: 'class_has_head' },
    },
    {
      query: db.selectFrom('users').select('id').where('id', '=', id).where('disabled', 'is', null),
      expect: { rows: 'some', otherwise: 'account_disabled' },
    },
    notBanned(db, classroom, id),
    {
      query: db
        .insertInto('members')
        .values({ class_id: classroom, user_id: id, role: 'head', date })
        .onConflict((conflict) => conflict.columns(['class_id', 'user_id']).doUpdateSet({ role: 'head' })),
    },
    forgetRequest(db, classroom, id),
    auditStep(db, { ...entry, class: classroom }),
    auditStep(db, { ...entry, detail: { class: classroom, name: found.name } }),
  ]);
  tellClass(chat, classroom, id);
}
