import type { AddedUserView, ServerUserView } from '@pokers/protocol/accounts';
import { LIMITS } from '@pokers/protocol/limits';
import { PokersError } from '../errors.ts';
import type { AuditEntry } from '../store/audit.ts';
import type { User } from '../store/store.ts';
import { type AccountParts, isoNow, now } from './account-parts.ts';
import type { Account } from './account-store.ts';
import { entryOf } from './audit-log.ts';
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
    await audit.record({ actor, action: 'user.add', user }, caller);
    return { user, password };
  }

  /** Disabling ends their sessions, and their tokens are not good meanwhile. @throws user_not_found, last_head */
  async disable(actor: User | null, id: number, caller: Caller): Promise<ServerUserView> {
    const entry = await this.#entry(actor, 'user.disable', id, caller);
    await this.#parts.store.change('setDisabled', { user: id, since: now() }, entry);
    this.#parts.onSessionsEnded(id);
    return this.one(id);
  }

  /** @throws user_not_found */
  async enable(actor: User | null, id: number, caller: Caller): Promise<ServerUserView> {
    const entry = await this.#entry(actor, 'user.enable', id, caller);
    await this.#parts.store.change('setDisabled', { user: id, since: null }, entry);
    return this.one(id);
  }

  /** Makes them a head of the server, or not any more. @throws user_not_found, last_head */
  async setHead(actor: User | null, id: number, head: boolean, caller: Caller): Promise<ServerUserView> {
    const entry = await this.#entry(actor, head ? 'user.promote' : 'user.demote', id, caller);
    await this.#parts.store.change('setHead', { user: id, head }, entry);
    return this.one(id);
  }

  /** For who has lost both the app and the recovery codes. @throws user_not_found, second_factor_off */
  async endSecondFactor(actor: User | null, id: number, caller: Caller): Promise<ServerUserView> {
    const entry = await this.#entry(actor, 'user.end_second_factor', id, caller);
    const isOff = await this.#parts.store.change('removeSecondFactor', { user: id }, entry);
    if (!isOff) throw new PokersError('second_factor_off');
    return this.one(id);
  }

  /** @throws user_not_found */
  async one(user: number): Promise<ServerUserView> {
    const account = await this.#parts.store.account(user);
    if (!account) throw new PokersError('user_not_found');
    return viewOf(account);
  }

  async #entry(actor: User | null, action: string, id: number, caller: Caller): Promise<AuditEntry> {
    return entryOf({ actor, action, user: await this.one(id) }, caller);
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
