import type { AddedUserView, ServerUserView } from '@pokers/protocol/accounts';
import { LIMITS } from '@pokers/protocol/limits';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { type AccountParts, isoNow, now } from './account-parts.ts';
import type { Account } from './account-store.ts';
import type { Caller } from './caller.ts';
import { firstPassword } from './readable-text.ts';

/** The server's people, for its heads and the command line. */
export class ServerUsers {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Those whose name or e-mail contains `q`, by id, beyond the id `after`. */
  async list(q: string, after: number): Promise<{ users: ServerUserView[]; more: boolean }> {
    const limit = LIMITS.usersPage;
    const found = await this.#parts.store.accounts({ q, after, limit: limit + 1 });
    return { users: found.slice(0, limit).map(viewOf), more: found.length > limit };
  }

  /** An account with a first password to be passed on. @throws email_taken, too_many */
  async add(
    actor: User | null,
    { name, email }: { name: string; email: string },
    caller: Caller,
  ): Promise<AddedUserView> {
    const { store, passwords, audit } = this.#parts;
    if (await store.accountByEmail(email)) throw new PokersError('email_taken');
    const password = firstPassword();
    const hash = await passwords.hash(password);
    const draft = { name, email, hash, oidc: null, claimsHead: false, at: isoNow() };
    const { id } = await store.change('createUser', draft);
    const user = await this.one(id);
    audit.record({ actor, action: 'user.add', user }, caller);
    return { user, password };
  }

  /** Disabling ends their sessions, and their tokens are not good meanwhile. @throws user_not_found, last_head */
  async disable(actor: User | null, user: number, caller: Caller): Promise<ServerUserView> {
    await this.#parts.store.change('setDisabled', { user, since: now() });
    this.#parts.onSessionsEnded(user);
    return this.#done(actor, 'user.disable', user, caller);
  }

  /** @throws user_not_found */
  async enable(actor: User | null, user: number, caller: Caller): Promise<ServerUserView> {
    await this.#parts.store.change('setDisabled', { user, since: null });
    return this.#done(actor, 'user.enable', user, caller);
  }

  /** Makes them a head of the server, or not any more. @throws user_not_found, last_head */
  async setHead(actor: User | null, user: number, head: boolean, caller: Caller): Promise<ServerUserView> {
    await this.#parts.store.change('setHead', { user, head });
    return this.#done(actor, head ? 'user.promote' : 'user.demote', user, caller);
  }

  /** For who has lost both the app and the recovery codes. @throws user_not_found, second_factor_off */
  async endSecondFactor(actor: User | null, user: number, caller: Caller): Promise<ServerUserView> {
    await this.one(user);
    const isOff = await this.#parts.store.change('removeSecondFactor', { user });
    if (!isOff) throw new PokersError('second_factor_off');
    return this.#done(actor, 'user.end_second_factor', user, caller);
  }

  /** @throws user_not_found */
  async one(user: number): Promise<ServerUserView> {
    const account = await this.#parts.store.account(user);
    if (!account) throw new PokersError('user_not_found');
    return viewOf(account);
  }

  async #done(actor: User | null, action: string, id: number, caller: Caller): Promise<ServerUserView> {
    const user = await this.one(id);
    this.#parts.audit.record({ actor, action, user }, caller);
    return user;
  }
}

function viewOf(account: Account): ServerUserView {
  const { id, name, email, head, created, disabled, hasSecondFactor, hash } = account;
  return {
    id,
    name,
    email,
    head,
    created,
    ...(disabled !== null && { disabled }),
    second_factor: hasSecondFactor,
    has_password: hash !== null,
  };
}
