import type { Database } from 'bun:sqlite';
import { z } from 'zod';
import { nameKey } from '../accounts/name-key.ts';
import type { Classes } from './classes.ts';
import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';
import { membershipMaker } from './memberships.ts';
import { nameOf } from './row-name.ts';
import type { TableRow } from './tables.ts';

type UserRow = TableRow<'users'>;

const STUDENT = 1;
const EMAIL = z.email();
const REPLACED_EMAIL = 'e-mail missing, invalid or taken by another, so it became user-<id>@import.invalid';
const MD5 = /^[0-9a-f]{32}$/;

/** The people, how they sign in, and the classes that they are in. */
export async function importUsers(run: ImportRun, classes: Classes): Promise<void> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'users', ['created_at']);
  const join = membershipMaker(run, classes);
  const freeEmail = emailChooser(db);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into users (id, name, name_key, email, image, type, created_at, updated_at)
     values ($id, $name, $name_key, $email, $image, $type, $created_at, $created_at)`,
  );
  const insertAccount = db.query<unknown, [Record<string, Value>]>(
    `insert into accounts (account_id, provider_id, user_id, password, created_at, updated_at)
     values ($account_id, 'credential', $user_id, $password, $created_at, $created_at)`,
  );

  const add = (user: UserRow, created_at: string): void => {
    const { id } = user;
    const email = freeEmail(user.email) ?? `user-${id}@import.invalid`;
    if (email.endsWith('@import.invalid')) tally.changed('users', REPLACED_EMAIL, id);
    const name = nameOf(run, 'users', id, user.name);
    const image = user.avatar || null;
    insert.run({
      id,
      name,
      name_key: nameKey(name),
      email,
      image,
      type: user.type ?? STUDENT,
      created_at,
    });
    const password = legacyHash(user.pwd);
    if (password) insertAccount.run({ account_id: String(id), user_id: id, password, created_at });
    else tally.changed('users', 'without a valid password, so a reset is needed to sign in', id);
    tally.imported('users');
  };

  await run.each('users', (user) => {
    const created_at = isoDate(user.date);
    if (isThere(user.id, { created_at })) tally.already('users');
    else add(user, created_at);
    join(user);
  });
}

/**
 * @returns a function that gives the address as accounts hold it, or undefined where it is none or another user has it.
 */
function emailChooser(db: Database): (written: string | null) => string | undefined {
  const taken = db.query<unknown, [string]>('select 1 from users where email = ?');
  return (written) => {
    const email = (written ?? '').trim().toLowerCase();
    if (email.endsWith('@import.invalid') || !EMAIL.safeParse(email).success) return undefined;
    return taken.get(email) ? undefined : email;
  };
}

/** The original kept an unsalted MD5; it is replaced by a real hash when the user next signs in. */
function legacyHash(pwd: string | null): string | undefined {
  const hex = (pwd ?? '').trim().toLowerCase();
  return MD5.test(hex) ? `md5:${hex}` : undefined;
}

/** The form in which the account library stores times. An unknown one becomes 1970, so that a later import knows it again. */
function isoDate(seconds: number | null): string {
  const date = new Date((seconds ?? 0) * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}
