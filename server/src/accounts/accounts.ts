import type { SessionView, UserView } from '@pokers/protocol/http';
import { PokersError } from '../errors.ts';
import type { Records } from '../store/records.ts';
import type { Reads, Soon } from '../store/statement.ts';
import { type AccountParts, isoNow, now } from './account-parts.ts';
import type { Account } from './account-store.ts';
import { type Auth, type AuthOptions, betterAuthFor } from './better-auth.ts';
import type { Caller } from './caller.ts';
import { KnownDevices } from './known-devices.ts';
import type { SecondFactors } from './second-factors.ts';
import { readSettings } from './server-settings.ts';
import { type Session, type SessionKey, SessionReader } from './session-reader.ts';

/** A session that was just made, and the headers (the cookie) that give it to a browser. */
export interface SignedIn {
  readonly session: SessionView;
  readonly headers: Headers;
}

export interface AccountsOptions extends AuthOptions, AccountParts {
  /** Whose a session or token is. */
  readonly sessions: Reads;
  readonly records: Pick<Records, 'db'>;
  readonly secondFactors: SecondFactors;
  /** Whether an invitation to some class can be used, by its token. */
  readonly isInvitation: (token: string) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

/** A use of a token is noted once in so many seconds. */
const TOKEN_NOTE_SECONDS = 60;

/** Who people are: sign-up, sign-in, and whose session a request or socket carries. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #auth: Auth;
  readonly #sessions: SessionReader;
  readonly #devices: KnownDevices;
  /** Tokens whose use is just being noted. */
  readonly #noting = new Set<number>();

  constructor(options: AccountsOptions) {
    const { sessions: reads, records, secret } = options;
    this.#options = options;
    this.#sessions = new SessionReader({
      reads,
      records,
      secret,
      onTokenUsed: (token, noted) => this.#noteUse(token, noted),
    });
    this.#devices = new KnownDevices(secret);
    this.#auth = betterAuthFor(options);
  }

  /**
   * The first account to sign up heads the server, whatever its settings say.
   * @throws sign_up_closed, invitation_required, email_taken, too_many
   */
  async signUp(
    body: { name: string; email: string; password: string; invitation?: string | undefined },
    caller: Caller,
  ): Promise<SignedIn> {
    const { store, passwords, audit } = this.#options;
    const { name, email, invitation } = body;
    await this.requireSignUp(invitation);
    if (await store.accountByEmail(email)) throw new PokersError('email_taken');
    const hash = await passwords.hash(body.password);
    const draft = { name, email, hash, oidc: null, claimsHead: true, at: isoNow() };
    const { id } = await store.change('createUser', draft);
    audit.record({ actor: { id, name }, action: 'account.sign_up' }, caller);
    return this.#onDevice(id, await this.openSession(id, caller));
  }

  /**
   * An imported account's MD5 hash is good for one sign-in, which replaces it.
   * @param email or a name that nobody else has
   * @throws wrong_credentials, account_disabled, second_factor_required, wrong_code, too_many
   */
  async signIn(
    body: { email: string; password: string; code?: string | undefined },
    caller: Caller,
  ): Promise<SignedIn> {
    const { store, passwords, audit, secondFactors } = this.#options;
    const account = await store.accountByLogin(body.email);
    const { right, better } = await passwords.verify(body.password, account?.hash ?? null);
    if (!account || !right) {
      audit.failed(account, caller);
      throw new PokersError('wrong_credentials');
    }
    if (account.disabled !== null) throw new PokersError('account_disabled');
    if (account.hasSecondFactor) {
      if (body.code === undefined) throw new PokersError('second_factor_required');
      await secondFactors.use(account, body.code, caller);
    }
    const { id, hash: from } = account;
    if (better && from) await store.change('replaceHash', { user: id, from, to: better });
    const signedIn = await this.openSession(id, caller);
    await this.#refuseFormerPassword(account, better, signedIn, body.password);
    audit.record({ actor: account, action: 'sign_in.password' }, caller);
    return this.#onDevice(id, signedIn);
  }

  /** The name of the device that a request comes from, where whoever signs in so has done it there before. */
  async deviceOf(headers: Headers, login: string): Promise<string | undefined> {
    if (!headers.has('cookie')) return undefined;
    const account = await this.#options.store.accountByLogin(login);
    return account && this.#devices.nameIn(headers, account.id);
  }

  /** Ends the session, if there is one. The headers take the cookie away. */
  async signOut(request: Headers, caller: Caller): Promise<Headers> {
    const session = await this.sessionOf(request);
    if (session?.kind === 'token') throw new PokersError('session_required');
    const response = await translated(() => this.#auth.api.signOut({ headers: request, asResponse: true }));
    if (session) {
      this.#options.onSessionsEnded(session.user.id);
      this.#options.audit.record({ actor: session.user, action: 'sign_out' }, caller);
    }
    return cookiesOf(response);
  }

  /** Whether someone may make an account by themselves; the first one always. @throws sign_up_closed, invitation_required */
  async requireSignUp(invitation: string | undefined): Promise<void> {
    const { store, isInvitation } = this.#options;
    const { sign_up: mode } = await readSettings(store);
    if (mode === 'open' || !(await store.hasHead())) return;
    if (mode === 'closed') throw new PokersError('sign_up_closed');
    const isGood = invitation !== undefined && (await isInvitation(invitation));
    if (!isGood) throw new PokersError('invitation_required');
  }

  /** Makes a session for someone of whom we have made sure. */
  async openSession(user: number, { address, userAgent }: Caller): Promise<SignedIn> {
    const body = { user: String(user), ipAddress: address, userAgent };
    const response = await translated(() => this.#auth.api.openSession({ body, asResponse: true }));
    const token = response.headers.get('set-auth-token') ?? '';
    const account = await this.#options.store.account(user);
    if (!account || !token) throw new Error('the account library made no session');
    return { session: { user: viewOf(account), token }, headers: cookiesOf(response) };
  }

  /** The session or token, if the headers carry a good one. */
  sessionOf(headers: Headers): Soon<Session | undefined> {
    return this.#sessions.sessionOf(headers);
  }

  /** Prolongs the session that the headers carry, where it is time to; gives the browser its cookie anew then. */
  async renew(headers: Headers): Promise<Headers> {
    return cookiesOf(await translated(() => this.#auth.api.getSession({ headers, asResponse: true })));
  }

  /** Which sessions or tokens are there yet, have not run out, and their users are not disabled. */
  goodOf(sessions: readonly SessionKey[]): Promise<ReadonlySet<SessionKey>> {
    return this.#sessions.goodOf(sessions);
  }

  sessionOfToken(token: string): Soon<Session | undefined> {
    return this.#sessions.sessionOfToken(token);
  }

  #onDevice(user: number, { session, headers }: SignedIn): SignedIn {
    headers.append('set-cookie', this.#devices.cookieFor(user));
    return { session, headers };
  }

  /** While the password was looked at it may have been changed, which ends all sessions: this one came after that. */
  async #refuseFormerPassword(
    { id, hash }: Account,
    better: string | undefined,
    { session }: SignedIn,
    password: string,
  ): Promise<void> {
    const { store, passwords } = this.#options;
    const current = (await store.account(id))?.hash ?? null;
    if (current === hash || (better && current === better)) return;
    // Two that signed in at once each brought a better hash for the same legacy one: either is as good.
    if ((await passwords.verify(password, current)).right) return;
    const made = await this.sessionOfToken(session.token);
    if (made) await store.change('endSession', { user: id, session: made.id });
    throw new PokersError('wrong_credentials');
  }

  #noteUse(token: number, noted: number | null): void {
    const used = now();
    if (this.#noting.has(token) || (noted !== null && used - noted < TOKEN_NOTE_SECONDS)) return;
    this.#noting.add(token);
    this.#options.store
      .change('noteTokenUsed', { token, used })
      .catch(this.#options.onError)
      .finally(() => this.#noting.delete(token));
  }
}

function viewOf({ id, name, email, head }: Account): UserView {
  return { id, name, email, head };
}

function cookiesOf(response: Response): Headers {
  const headers = new Headers();
  for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie);
  return headers;
}

/** The account library's failures, as ours: it wraps what our store says. */
async function translated(call: () => Promise<Response>): Promise<Response> {
  let answer: Response;
  try {
    answer = await call();
  } catch (cause) {
    throw cause instanceof Error && cause.cause instanceof PokersError ? cause.cause : cause;
  }
  if (!answer.ok) throw new Error(`the account library failed: ${await answer.text()}`);
  return answer;
}
