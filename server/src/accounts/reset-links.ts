import { randomBytes } from 'node:crypto';
import type { ResetLinkView } from '@pokers/protocol/accounts';
import { PokersError } from '../errors.ts';
import type { Outgoing } from '../mail/outgoing.ts';
import { resetMail } from '../mail/reset-mail.ts';
import { type AccountParts, isoNow, now } from './account-parts.ts';
import { entryOf } from './audit-log.ts';
import type { Caller } from './caller.ts';
import { tokenHash } from './token-text.ts';

/** How long a link is good, in seconds. */
const LINK_SECONDS = 60 * 60;

export interface ResetLinksOptions extends AccountParts {
  /** Mails that leave by themselves; undefined where the server sends none. */
  readonly mail: { readonly outgoing: Outgoing; readonly url: string } | undefined;
  /** Whether one more mail may go to this account now. */
  readonly mayMail: (user: number) => boolean;
  readonly serverName: () => Promise<string>;
  readonly onError: (error: unknown) => void;
}

/** Links by which one sets a new password: each good once, for an hour. */
export class ResetLinks {
  readonly #options: ResetLinksOptions;

  constructor(options: ResetLinksOptions) {
    this.#options = options;
  }

  /** Whether links are sent by mail. */
  get sendsMail(): boolean {
    return this.#options.mail !== undefined;
  }

  /**
   * Sends a link to whoever has an account with this address. Returns at once, so that neither the answer nor its time
   * tells whether there is one.
   * @param language of the mail: an Accept-Language header
   */
  ask(email: string, language: string, caller: Caller): void {
    const { mail, onError } = this.#options;
    if (mail) setTimeout(() => this.#send(email, language, caller).catch(onError), 0);
  }

  /** A new link to be passed on by hand. @param url of this server @throws user_not_found */
  async make(user: number, url: string): Promise<ResetLinkView> {
    const { store } = this.#options;
    const account = await store.account(user);
    if (!account) throw new PokersError('user_not_found');
    return makeResetLink(this.#options, user, url);
  }

  /** Sets the password and ends all sessions and API tokens of the account. @throws link_not_good, account_disabled, too_many */
  async use(token: string, password: string, caller: Caller): Promise<void> {
    const { store, passwords, onSessionsEnded } = this.#options;
    const hash = tokenHash(token);
    // A made-up link is not worth the work of a password hash.
    const user = await store.resetLinkUser(hash, now());
    const account = user !== undefined && (await store.account(user));
    if (!account) throw new PokersError('link_not_good');
    const change = { hash, password: await passwords.hash(password), now: now(), at: isoNow() };
    const entry = entryOf({ actor: null, action: 'account.reset', user: account }, caller);
    await store.change('useResetLink', change, entry);
    onSessionsEnded(account.id);
  }

  async #send(email: string, language: string, caller: Caller): Promise<void> {
    const { store, mail, mayMail, serverName, audit } = this.#options;
    const account = await store.accountByEmail(email);
    if (!mail || !account || account.disabled !== null || !mayMail(account.id)) return;
    const { link } = await makeResetLink(this.#options, account.id, mail.url);
    audit.record({ actor: null, action: 'account.ask_reset', user: account }, caller);
    const { name, email: to } = account;
    mail.outgoing.send({ to, ...resetMail({ name, link, language, server: await serverName() }) });
  }
}

/** A new link, of which the store keeps a hash alone. */
export async function makeResetLink(
  { store }: Pick<AccountParts, 'store'>,
  user: number,
  url: string,
): Promise<ResetLinkView> {
  const token = randomBytes(24).toString('base64url');
  const expires = now() + LINK_SECONDS;
  await store.change('addResetLink', { user, hash: tokenHash(token), expires, now: now() });
  return { link: `${url}/reset/${token}`, expires };
}
