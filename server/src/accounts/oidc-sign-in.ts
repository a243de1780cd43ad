import { LIMITS } from '@pokers/protocol/limits';
import { lineSchema } from '@pokers/protocol/schemas';
import { z } from 'zod';
import { PokersError } from '../errors.ts';
import { type AccountParts, isoNow, now } from './account-parts.ts';
import type { Accounts, SignedIn } from './accounts.ts';
import type { Caller } from './caller.ts';
import { type Oidc, OidcDenied, type OidcPerson } from './oidc.ts';
import { sign, verified } from './signed-text.ts';

export interface OidcSignInOptions extends AccountParts {
  readonly oidc: Oidc;
  readonly accounts: Accounts;
  readonly secret: string;
  /** Why someone could not sign in, for whoever runs the server. */
  readonly onProblem: (error: unknown) => void;
}

/** How long one may be at the sign-in service, in seconds. */
export const TRIP_SECONDS = 10 * 60;
const PURPOSE = 'oidc trip';

const Trip = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  invitation: z.string().optional(),
});

/** Signing in by a sign-in service, and the accounts that come of it. */
export class OidcSignIn {
  readonly #options: OidcSignInOptions;

  constructor(options: OidcSignInOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.oidc.name;
  }

  /**
   * Where to send the browser, and the text that it has to bring back in a cookie.
   * @throws oidc_failed
   */
  async start(callback: string, invitation: string | undefined): Promise<{ to: string; trip: string }> {
    const { oidc, secret } = this.#options;
    const { to, trip } = await oidc.start(callback).catch((cause: unknown) => this.#failed(cause));
    const kept = invitation === undefined ? trip : { ...trip, invitation };
    return { to: to.href, trip: sign(kept, now() + TRIP_SECONDS, PURPOSE, secret) };
  }

  /**
   * A session for whom the service has let in. An account is made for who has none.
   * @param url that the browser came back to @param trip the cookie's text
   * @throws oidc_denied, oidc_failed, oidc_email_unverified, account_disabled, sign_up_closed, invitation_required
   */
  async finish(url: URL, trip: string | undefined, caller: Caller): Promise<SignedIn> {
    const { oidc, secret, accounts, audit } = this.#options;
    const kept = Trip.safeParse(trip === undefined ? undefined : verified(trip, now(), PURPOSE, secret));
    if (!kept.success) this.#failed(new Error('the browser brought no trip that we know of'));
    const person = await oidc.finish(url, kept.data).catch((cause: unknown) => this.#failed(cause));
    const user = await this.#userOf(person, kept.data.invitation, caller);
    const signedIn = await accounts.openSession(user, caller);
    audit.record({ actor: signedIn.session.user, action: 'sign_in.oidc' }, caller);
    return signedIn;
  }

  async #userOf(person: OidcPerson, invitation: string | undefined, caller: Caller): Promise<number> {
    const { store } = this.#options;
    const known = await store.accountByOidc(person.key);
    if (known) return usable(known);
    const email = z.email().max(LIMITS.emailChars).safeParse(person.email);
    if (!email.success) this.#failed(new Error('the sign-in service told no valid e-mail address'));
    const other = await store.accountByEmail(email.data);
    if (!other) return this.#create(person, email.data, invitation, caller);
    if (!person.isEmailVerified) throw new PokersError('oidc_email_unverified');
    return this.#link(usable(other), person, caller);
  }

  async #create(
    { key, isEmailVerified, names }: OidcPerson,
    email: string,
    invitation: string | undefined,
    caller: Caller,
  ): Promise<number> {
    const { store, accounts, audit } = this.#options;
    await accounts.requireSignUp(invitation);
    const [name = email] = [...names, email.split('@')[0]].flatMap((each) => Name.safeParse(each).data ?? []);
    const draft = { name, email, hash: null, oidc: key, claimsHead: true, at: isoNow() };
    const { id } = await store.change('createUser', { ...draft, isVerified: isEmailVerified });
    audit.record({ actor: { id, name }, action: 'account.sign_up', detail: { by: 'oidc' } }, caller);
    return id;
  }

  async #link(user: number, { key }: OidcPerson, caller: Caller): Promise<number> {
    const { store, audit, onSessionsEnded } = this.#options;
    const { former } = await store.change('linkOidc', { user, oidc: key, at: isoNow() });
    if (former === 'ended') onSessionsEnded(user);
    const actor = await store.account(user);
    if (actor) await audit.record({ actor, action: 'account.link_oidc', detail: { former } }, caller);
    return user;
  }

  /** What cannot be trusted is told to whoever runs the server; the person hears no more than that. */
  #failed(cause: unknown): never {
    if (cause instanceof OidcDenied) throw new PokersError('oidc_denied', undefined, { cause });
    this.#options.onProblem(cause);
    throw new PokersError('oidc_failed', undefined, { cause });
  }
}

const Name = lineSchema(LIMITS.userNameChars);

/** @throws account_disabled */
function usable({ id, disabled }: { id: number; disabled: number | null }): number {
  if (disabled !== null) throw new PokersError('account_disabled');
  return id;
}
