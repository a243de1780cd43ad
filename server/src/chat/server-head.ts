import type { Store } from '../store/store.ts';
import type { Actor } from './access.ts';

/** Whether someone heads the server. */
export async function headsServer(db: Store['db'], { id }: Actor): Promise<boolean> {
  const user = await db.selectFrom('users').select('head').where('id', '=', id).executeTakeFirst();
  return user?.head === 1;
}
