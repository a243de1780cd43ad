import type { AccountView, OpenSessionView } from '@pokers/protocol/accounts';
import type { Entrusted } from '../chat/entrusted.ts';
import { PokersError } from '../errors.ts';
import type { AuditEntry } from '../store/audit.ts';
import { type AccountParts, isoNow } from './account-parts.ts';
import type { Account } from './account-store.ts';
import { entryOf } from './audit-log.ts';
import type { Caller } from './caller.ts';

/** What people see and change of their own account. */
export class OwnAccount {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  async view(user: number): Promise<Omit<AccountView, keyof Entrusted>> {
    const { id, name, email, head, hash, hasSecondFactor } = await this.#account(user);
    const factor = hasSecondFactor ? await this.#parts.store.secondFactorOf(user) : undefined;
    return {
      id,
      name,
      email,
      head,
      second_factor: hasSecondFactor,
      ...(factor && { recovery_left: factor.recoveryLeft }),
      has_password: hash !== null,
    };
  }

  /** @throws wrong_password, too_many. Who has none need not give one */
  async requirePassword(user: number, password: string | undefined, caller: Caller): Promise<Account> {
    const account = await this.#account(user);
    if (account.hash === null) return account;
    const { right } = await this.#parts.passwords.verify(password ?? '', account.hash);
    if (!right) {
      this.#parts.audit.failed(account, caller);
      throw new PokersError('wrong_password');
    }
    return account;
  }

  /** @throws email_taken */
  async change(
    user: number,
    { name, email }: { name?: string | undefined; email?: string | undefined },
    caller: Caller,
  ): Promise<void> {
    const actor = await this.#account(user);
    const entries: AuditEntry[] = [];
    if (name !== undefined && name !== actor.name) {
      const detail = { from: actor.name, to: name };
      entries.push(entryOf({ actor, action: 'account.rename', detail }, caller));
    }
    if (email !== undefined && email.toLowerCase() !== actor.email) {
      const detail = { from: actor.email, to: email };
      entries.push(entryOf({ actor, action: 'account.email', detail }, caller));
    }
    const change = {
      user,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      at: isoNow(),
    };
    await this.#parts.store.change('changeUser', change, ...entries);
  }

  /** Ends all other sessions. @param current the session that asks, which goes on */
  async changePassword(account: Account, password: string, current: number, caller: Caller): Promise<void> {
    const { store, passwords, onSessionsEnded } = this.#parts;
    const hash = await passwords.hash(password);
    const entry = entryOf({ actor: account, action: 'account.password' }, caller);
    await store.change('setPassword', { user: account.id, hash, keep: current, at: isoNow() }, entry);
    onSessionsEnded(account.id);
  }

  async sessions(user: number, current: number): Promise<OpenSessionView[]> {
    const entries = await this.#parts.store.sessionsOf(user);
    return entries.map(({ userAgent, ...entry }) => ({
      ...entry,
      user_agent: userAgent,
      current: entry.id === current,
    }));
  }

  /** @throws not_found */
  async endSession(user: number, session: number, caller: Caller): Promise<void> {
    const { store, onSessionsEnded } = this.#parts;
    const entry = entryOf({ actor: await this.#account(user), action: 'session.end' }, caller);
    if (!(await store.change('endSession', { user, session }, entry))) throw new PokersError('not_found');
    onSessionsEnded(user);
  }

  /** All but the one that asks. */
  async endOtherSessions(user: number, current: number, caller: Caller): Promise<void> {
    const { store, onSessionsEnded } = this.#parts;
    const entry = entryOf({ actor: await this.#account(user), action: 'session.end_others' }, caller);
    await store.change('endSessions', { user, keep: current }, entry);
    onSessionsEnded(user);
  }

  async #account(user: number): Promise<Account> {
    const account = await this.#parts.store.account(user);
    if (!account) throw new PokersError('sign_in_required');
    return account;
  }
}
