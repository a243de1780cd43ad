import type { ChangeName } from '../changes.ts';

const LOCK = 'select pg_advisory_xact_lock($1::integer, $2::integer)';

/** The spaces of PostgreSQL's advisory locks that are ours, each with numbers of its own. */
const LOCKS = { server: 7_001, user: 7_002 } as const;

/** What may not happen to the whole server at once: whoever heads it is counted. */
const OF_SERVER = new Set<ChangeName>(['setHead', 'setDisabled']);

/**
 * SQLite lets one change happen at a time. Here, changes of accounts, which look at rows and then write others, take
 * turns: those of one person, and those that decide who heads the server. Undefined where rows or constraints suffice.
 */
export function turnOf(name: ChangeName, input: unknown): { text: string; values: number[] } | undefined {
  if (name === 'audited') {
    const audited = input as { name: ChangeName; input: unknown };
    return turnOf(audited.name, audited.input);
  }
  const { user, claimsHead } = (input ?? {}) as { user?: number; claimsHead?: boolean };
  if (claimsHead) return WHILE_NOBODY_HEADS;
  if (OF_SERVER.has(name)) return lock(LOCKS.server, 0);
  return user === undefined ? undefined : lock(LOCKS.user, user % 2 ** 31);
}

/** Once somebody heads the server somebody always will: many may sign up at the same time then. */
const WHILE_NOBODY_HEADS = {
  text: `${LOCK} where not exists (select 1 from users where head = 1)`,
  values: [LOCKS.server, 0],
};

function lock(space: number, number: number): { text: string; values: number[] } {
  return { text: LOCK, values: [space, number] };
}
