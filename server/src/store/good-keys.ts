import type { Kysely } from 'kysely';
import type { SessionKey } from '../accounts/session-reader.ts';
import type { Tables } from './tables.ts';

/** So many are asked for in one statement; fewer are filled up, so that there is one text of it. */
const AT_ONCE = 100;

/** Which sessions and tokens have not run out or been ended, nor their users disabled. @param now in both forms */
export async function goodKeys(
  db: Kysely<Tables>,
  keys: readonly SessionKey[],
  now: { iso: string; seconds: number },
): Promise<ReadonlySet<SessionKey>> {
  const good = new Set<SessionKey>();
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    const sessions = await goodSessions(db, idsOf(some, 'session'), now.iso);
    const tokens = await goodTokens(db, idsOf(some, 'token'), now.seconds);
    for (const key of some) if ((key.kind === 'session' ? sessions : tokens).has(key.id)) good.add(key);
  }
  return good;
}

function idsOf(keys: readonly SessionKey[], kind: SessionKey['kind']): number[] {
  return keys.filter((key) => key.kind === kind).map(({ id }) => id);
}

async function goodSessions(db: Kysely<Tables>, ids: readonly number[], now: string): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('sessions.id')
    .where('sessions.id', 'in', filledUp(ids))
    .where('sessions.expires_at', '>', now)
    .where('users.disabled', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function goodTokens(db: Kysely<Tables>, ids: readonly number[], now: number): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('tokens')
    .innerJoin('users', 'users.id', 'tokens.user_id')
    .select('tokens.id')
    .where('tokens.id', 'in', filledUp(ids))
    .where(({ or, eb }) => or([eb('tokens.expires', 'is', null), eb('tokens.expires', '>', now)]))
    .where('users.disabled', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function filledUp(ids: readonly number[]): number[] {
  const last = ids.at(-1) ?? 0;
  return [...ids, ...Array.from({ length: AT_ONCE - ids.length }, () => last)];
}
