import type { Store, User } from '../store/store.ts';

/** What someone may do beside what their roles in classes allow. */
export interface Entrusted {
  readonly may_create_classes: boolean;
  readonly may_give_passwords: boolean;
}

export async function entrustedWith(db: Store['db'], user: Pick<User, 'id'>): Promise<Entrusted> {
  const [classes, passwords] = await Promise.all(
    [classMaker(db, user), accountMaker(db, user)].map((query) => query.executeTakeFirst()),
  );
  return { may_create_classes: classes !== undefined, may_give_passwords: passwords !== undefined };
}

/** Their row, if they head the server, and their account is not disabled. */
export function serverHead(db: Store['db'], { id }: Pick<User, 'id'>) {
  return enabled(db, id).where('head', '=', 1);
}

/** Their row, if they may make classes: all may, or the heads of the server alone, as its settings say. */
export function classMaker(db: Store['db'], { id }: Pick<User, 'id'>) {
  return enabled(db, id).where(({ or, eb, not, exists }) =>
    or([eb('head', '=', 1), not(exists(headsAlone(db)))]),
  );
}

/**
 * Their row, if they may make accounts for others with first passwords. That tells which e-mails have one, and goes past a
 * sign-up that is not open: it is for those who head the server, and for heads of classes where the heads of the server
 * alone make classes.
 */
export function accountMaker(db: Store['db'], { id }: Pick<User, 'id'>) {
  return enabled(db, id).where(({ or, eb, exists }) => or([eb('head', '=', 1), exists(headsAlone(db))]));
}

function enabled(db: Store['db'], id: number) {
  return db.selectFrom('users').select('id').where('id', '=', id).where('disabled', 'is', null);
}

/** A row, where the heads of the server alone make classes. */
function headsAlone(db: Store['db']) {
  return db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', 'create_classes')
    .where('value', '=', 'head');
}
