import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ServerUserView } from '@pokers/protocol/accounts';
import { LIMITS } from '@pokers/protocol/limits';
import { lineSchema } from '@pokers/protocol/schemas';
import { z } from 'zod';
import type { AccountStore } from '../accounts/account-store.ts';
import { AuditLog } from '../accounts/audit-log.ts';
import { Passwords } from '../accounts/password.ts';
import { makeResetLink } from '../accounts/reset-links.ts';
import { ServerUsers } from '../accounts/server-users.ts';
import { PokersError, StartError, UsageError } from '../errors.ts';
import { claimData, openEngine } from '../store/engines.ts';
import { databaseFile, migrate } from '../store/sqlite/database.ts';
import { claimFolder } from '../store/sqlite/folder.ts';

export interface UserOptions {
  readonly data: string;
  readonly database?: string;
  readonly json: boolean;
}

/** What the log says in place of an address. */
const HERE = { address: 'command line', userAgent: '' };

/** `pokers user add`. @throws StartError, UsageError */
export async function addUserCommand(
  name: string,
  email: string,
  options: UserOptions & { head: boolean },
): Promise<void> {
  const named = lineSchema(LIMITS.userNameChars).safeParse(name);
  if (!named.success) throw new UsageError(`The name ${named.error.issues[0]?.message}.`);
  if (!z.email().max(LIMITS.emailChars).safeParse(email).success)
    throw new UsageError(`${email} is no e-mail address.`);
  await inData(options, async ({ users }) => {
    const { user, password } = await users.add(null, { name: named.data, email }, HERE);
    const shown = options.head ? await users.setHead(null, user.id, true, HERE) : user;
    return {
      facts: { user: shown, password },
      text: `${user.name} can sign in as ${user.email} with the password ${password}\nTell them to change it.`,
    };
  });
}

/** `pokers user list`. @throws StartError */
export async function listUsersCommand(q: string | undefined, options: UserOptions): Promise<void> {
  await inData(options, async ({ users }) => {
    const all: ServerUserView[] = [];
    for (let more = true; more; ) {
      const page = await users.list(q ?? '', all.at(-1)?.id ?? 0);
      all.push(...page.users);
      more = page.more;
    }
    const lines = all.map(lineOf).join('\n');
    return { facts: { users: all }, text: lines || 'There is nobody.' };
  });
}

/** `pokers user reset`. @param url of the server @throws StartError */
export async function resetUserCommand(who: string, options: UserOptions & { url?: string }): Promise<void> {
  await inData(options, async ({ accounts, users, audit }) => {
    const user = await find(accounts, users, who);
    const { link, expires } = await makeResetLink({ store: accounts }, user.id, options.url ?? '');
    await audit.record({ actor: null, action: 'user.reset_link', user }, HERE);
    const where =
      options.url === undefined ? 'Put the address of your server before it (or give --url).\n' : '';
    return {
      facts: { user, link, expires },
      text: `${link}\n${where}With this link ${user.name} sets a new password: once, within an hour.`,
    };
  });
}

/** What is done to one user, and what is said then. */
const DONE = {
  disable: 'can sign in no more; what is open is closed',
  enable: 'can sign in again',
  promote: 'heads the server',
  demote: 'does not head the server any more',
  'end-second-factor': 'signs in with the password alone again',
} as const;
export type UserVerb = keyof typeof DONE;

/** `pokers user disable` and the like. @throws StartError */
export async function changeUserCommand(verb: UserVerb, who: string, options: UserOptions): Promise<void> {
  await inData(options, async ({ accounts, users }) => {
    const { id } = await find(accounts, users, who);
    const user = await change(users, verb, id);
    return { facts: { user }, text: `${user.name} (${user.email}) ${DONE[verb]}.` };
  });
}

function change(users: ServerUsers, verb: UserVerb, id: number): Promise<ServerUserView> {
  if (verb === 'disable') return users.disable(null, id, HERE);
  if (verb === 'enable') return users.enable(null, id, HERE);
  if (verb === 'end-second-factor') return users.endSecondFactor(null, id, HERE);
  return users.setHead(null, id, verb === 'promote', HERE);
}

interface Opened {
  readonly accounts: AccountStore;
  readonly users: ServerUsers;
  readonly audit: AuditLog;
}

/** Does something to the data, whether a server runs on it or not, and says what came of it. */
async function inData(
  { data, database, json }: UserOptions,
  act: (opened: Opened) => Promise<{ facts: object; text: string }>,
): Promise<void> {
  const path = resolve(data);
  const place = { data: path, ...(database !== undefined && { database }) };
  if (database === undefined) await bringUpToDate(path);
  else await claimData(place, (message) => process.stderr.write(`pokers: ${message}\n`));
  const engine = await openEngine(place, { onTrouble: () => {} });
  const { store, accounts } = engine;
  const faults: unknown[] = [];
  const audit = new AuditLog(store, (fault) => faults.push(fault));
  let hasEnded = false;
  const onSessionsEnded = (): void => {
    hasEnded = true;
  };
  const parts = { store: accounts, passwords: new Passwords(), audit, onSessionsEnded };
  try {
    const { facts, text } = await act({ accounts, users: new ServerUsers(parts), audit });
    if (hasEnded) await accounts.change('noteOutsideChange', null);
    process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${text}\n`);
  } catch (error) {
    throw error instanceof PokersError ? new StartError(error.message, { cause: error }) : error;
  } finally {
    await engine.searchIndex.close();
    await engine.close();
  }
  if (faults.length > 0) throw new StartError('It was done, but could not be written into the audit log.');
}

/** A server that runs has done it; else we do, since the schema may be an older one. @throws StartError */
async function bringUpToDate(path: string): Promise<void> {
  if (!existsSync(databaseFile(path)))
    throw new StartError(`There is no database in ${path}. Name the server's folder with --data.`);
  let folder: ReturnType<typeof claimFolder>;
  try {
    folder = claimFolder(path);
  } catch (error) {
    if (error instanceof StartError && /in use/.test(error.message)) return;
    throw error;
  }
  await migrate(path);
  folder.release();
}

/** @throws user_not_found */
async function find(accounts: AccountStore, users: ServerUsers, who: string): Promise<ServerUserView> {
  const account = await accounts.accountByLogin(who);
  if (!account) throw new PokersError('user_not_found', `or several have the name ${who}: use the e-mail`);
  return users.one(account.id);
}

function lineOf({ id, name, email, head, disabled }: ServerUserView): string {
  const marks = [head && 'head', disabled !== undefined && 'disabled'].filter(Boolean).join(', ');
  return `${String(id).padStart(6)}  ${name}  <${email}>${marks && `  (${marks})`}`;
}
