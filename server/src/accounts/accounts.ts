import type { Database } from 'bun:sqlite';
import type { SessionView, UserView } from '@pokers/protocol/http';
import { isAPIError } from 'better-auth/api';
import { type Kysely, sql } from 'kysely';
import { PokersError } from '../errors.ts';
import { type Auth, type AuthOptions, betterAuthFor } from './better-auth.ts';
import { LEGACY_PREFIX, Passwords } from './password.ts';
import { type Session, SessionReader } from './session-reader.ts';

/** A session that was just made, and the headers (the cookie) that give it to a browser. */
export interface SignedIn {
  readonly session: SessionView;
  readonly headers: Headers;
}

export interface AccountsOptions extends Omit<AuthOptions, 'passwords'> {
  /** A connection that reads the same database. */
  readonly reader: Database;
  /** Told of every session that is ended before its time. */
  readonly onSessionEnded: (session: number) => void;
}

/** The few columns of the accounts' tables that are asked for beside the account library. */
interface AccountTables {
  users: { id: number; head: number };
  accounts: { user_id: number; provider_id: string; password: string | null };
}

/** Who people are: sign-up, sign-in, and whose session a request or socket carries. */
export class Accounts {
  readonly #auth: Auth;
  readonly #db: Kysely<AccountTables>;
  readonly #passwords = new Passwords();
  readonly #sessions: SessionReader;
  readonly #onSessionEnded: (session: number) => void;

  constructor(options: AccountsOptions) {
    this.#onSessionEnded = options.onSessionEnded;
    this.#sessions = new SessionReader(options.reader, options.secret);
    this.#db = options.db as Kysely<AccountTables>;
    this.#auth = betterAuthFor({ ...options, passwords: this.#passwords });
  }

  /** The first account to sign up heads the server. @throws email_taken, bad_request, too_many */
  async signUp(body: { name: string; email: string; password: string }, request: Headers): Promise<SignedIn> {
    const response = await translated(() =>
      this.#auth.api.signUpEmail({ body, headers: request, asResponse: true }),
    );
    const signedIn = await signedInBy(response);
    const head = await this.#claimHead(signedIn.session.user.id);
    return { ...signedIn, session: { ...signedIn.session, user: { ...signedIn.session.user, head } } };
  }

  /** An imported account's MD5 hash is good for one sign-in, which replaces it. @throws wrong_credentials, too_many */
  async signIn(body: { email: string; password: string }, request: Headers): Promise<SignedIn> {
    const response = await translated(() =>
      this.#auth.api.signInEmail({
        body: { ...body, email: body.email.trim() },
        headers: request,
        asResponse: true,
      }),
    );
    const signedIn = await signedInBy(response);
    await this.#replaceLegacyHash(signedIn.session.user.id, body.password);
    return signedIn;
  }

  /** Ends the session, if there is one. The headers take the cookie away. */
  async signOut(request: Headers): Promise<Headers> {
    const session = this.sessionOf(request);
    const response = await translated(() => this.#auth.api.signOut({ headers: request, asResponse: true }));
    if (session) this.#onSessionEnded(session.id);
    return cookiesOf(response);
  }

  /** The session, if the headers carry a valid cookie or bearer token. */
  sessionOf(headers: Headers): Session | undefined {
    return this.#sessions.sessionOf(headers);
  }

  /** Like `sessionOf`, and gives the browser its cookie anew where the session was prolonged. */
  async renew(headers: Headers): Promise<{ user: UserView | undefined; headers: Headers }> {
    const response = await translated(() => this.#auth.api.getSession({ headers, asResponse: true }));
    const found = (await response.json()) as { user: AuthUser } | null;
    return { user: found ? viewOf(found.user) : undefined, headers: cookiesOf(response) };
  }

  /** Whether the session is there yet and has not run out. */
  isGood(session: number): boolean {
    return this.#sessions.isGood(session);
  }

  sessionOfToken(token: string): Session | undefined {
    return this.#sessions.sessionOfToken(token);
  }

  async #claimHead(user: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('users')
      .set({ head: 1 })
      .where('id', '=', user)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('users').select(sql`1`.as('one')).where('head', '=', 1))),
      )
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async #replaceLegacyHash(user: number, password: string): Promise<void> {
    const legacy = await this.#db
      .selectFrom('accounts')
      .select('user_id')
      .where('user_id', '=', user)
      .where('provider_id', '=', 'credential')
      .where('password', 'like', `${LEGACY_PREFIX}%`)
      .executeTakeFirst();
    if (!legacy) return;
    await this.#db
      .updateTable('accounts')
      .set({ password: await this.#passwords.hash(password) })
      .where('user_id', '=', user)
      .where('provider_id', '=', 'credential')
      .execute();
  }
}

interface AuthUser {
  id: string | number;
  name: string;
  email: string;
  head?: boolean | null | undefined;
}

function viewOf({ id, name, email, head }: AuthUser): UserView {
  return { id: Number(id), name, email, head: head === true };
}

async function signedInBy(response: Response): Promise<SignedIn> {
  const { user } = (await response.json()) as { user: AuthUser };
  const token = response.headers.get('set-auth-token') ?? '';
  return { session: { user: viewOf(user), token }, headers: cookiesOf(response) };
}

function cookiesOf(response: Response): Headers {
  const headers = new Headers();
  for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie);
  return headers;
}

/** The account library's failures, as those of our table. */
async function translated<T>(call: () => Promise<T>): Promise<T> {
  let answer: T;
  try {
    answer = await call();
  } catch (cause) {
    throw isAPIError(cause) ? knownError(cause.body?.code, cause.body?.message, cause) : cause;
  }
  if (answer instanceof Response && !answer.ok) {
    const body = (await answer.json().catch(() => ({}))) as { code?: string; message?: string };
    throw knownError(body.code, body.message);
  }
  return answer;
}

function knownError(code = '', message?: string, cause?: unknown): Error {
  if (code.startsWith('USER_ALREADY_EXISTS')) return new PokersError('email_taken', undefined, { cause });
  if (code === 'INVALID_EMAIL_OR_PASSWORD' || code === 'INVALID_EMAIL')
    return new PokersError('wrong_credentials');
  if (code === 'VALIDATION_ERROR' || code.startsWith('PASSWORD_TOO'))
    return new PokersError('bad_request', message);
  if (cause instanceof Error && cause.cause instanceof PokersError) return cause.cause;
  return new Error(`the account library failed: ${code || message || 'no reason given'}`, { cause });
}
