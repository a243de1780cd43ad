import type { Expression, Kysely } from 'kysely';
import type { Records, Step } from './records.ts';
import { run, type Steps, statement } from './statement.ts';
import type { User } from './store.ts';
import type { Tables } from './tables.ts';

/** What else there is to know of an entry, by its action. */
export type AuditDetail = Readonly<Record<string, string | number | boolean>>;

export interface AuditEntry {
  /** Unix seconds. */
  readonly date: number;
  /** Who did it; null for the command line, and where nobody was signed in. */
  readonly actor: User | null;
  readonly address?: string | undefined;
  /** What was done, as `area.verb`. */
  readonly action: string;
  /** In which class; without, it concerns the server and its accounts. */
  readonly class?: number;
  /** To whom. */
  readonly user?: User;
  readonly detail?: AuditDetail;
}

export interface AuditRow extends Omit<AuditEntry, 'actor' | 'user' | 'class'> {
  readonly id: number;
  readonly actor: number | null;
  readonly actor_name: string | null;
  readonly user?: User;
}

/**
 * The step that writes an entry: to be among those of the change that it tells of.
 * @param found what only the database knows: what the same change has made
 */
export function auditStep(
  db: Kysely<Tables>,
  entry: AuditEntry,
  found: { class_id?: Expression<number | null>; detail?: Expression<string | null> } = {},
): Step {
  return { query: db.insertInto('audit').values({ ...columnsOf(entry), ...found }) };
}

/** The same, within a change that an engine carries out statement by statement. */
export function* noteEntries(entries: readonly AuditEntry[]): Steps<void> {
  for (const entry of entries) yield* run(AUDIT_INSERT, columnsOf(entry));
}

/** For engines that make their statements ready beforehand. */
export const AUDIT_INSERT = statement(
  `insert into audit (date, action, actor, actor_name, address, class_id, user_id, user_name, detail)
   values ($date, $action, $actor, $actor_name, $address, $class_id, $user_id, $user_name, $detail)`,
);

function columnsOf({ date, actor, address, action, class: classroom, user, detail }: AuditEntry) {
  return {
    date,
    action,
    actor: actor?.id ?? null,
    actor_name: actor?.name ?? null,
    address: address ?? null,
    class_id: classroom ?? null,
    user_id: user?.id ?? null,
    user_name: user?.name ?? null,
    detail: detail ? JSON.stringify(detail) : null,
  };
}

/** The newest entries of a class, or of the server (null), with an id below `before`. */
export async function readAudit(
  { db }: Records,
  of: number | null,
  page: { before?: number | undefined; limit: number },
): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('class_id', of === null ? 'is' : '=', of)
    .where('id', '<', page.before ?? Number.MAX_SAFE_INTEGER)
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(({ id, date, action, actor, actor_name, address, user_id, user_name, detail }) => ({
    id,
    date,
    action,
    actor,
    actor_name,
    ...(address !== null && { address }),
    ...(user_id !== null && { user: { id: user_id, name: user_name ?? '' } }),
    ...(detail !== null && { detail: JSON.parse(detail) as AuditDetail }),
  }));
}

/** Forgets what is older than this, in Unix seconds, a bounded number at a time. */
export async function forgetAudit({ db, atomically }: Records, before: number): Promise<void> {
  for (;;) {
    const old = db.selectFrom('audit').select('id').where('date', '<', before).limit(FORGET_AT_ONCE);
    const query = db.deleteFrom('audit').where('id', 'in', old).returning('id');
    const [gone] = await atomically([{ query }]);
    if (!gone || gone.length < FORGET_AT_ONCE) return;
  }
}

const FORGET_AT_ONCE = 1_000;
