import type {
  Account,
  AccountChanges,
  AccountStore,
  SecondFactor,
  SessionEntry,
  TokenEntry,
} from '../accounts/account-store.ts';
import { nameKey } from '../accounts/name-key.ts';
import { ACCOUNT_QUERIES, type AccountRow } from './account-queries.ts';
import type { AuditEntry } from './audit.ts';
import type { Writes } from './row-store.ts';
import type { Reads } from './statement.ts';

/** The accounts over an engine that reads rows and writes changes. */
export class RowAccountStore implements AccountStore {
  readonly #reads: Reads;
  readonly #writes: Pick<Writes, 'change'>;

  constructor(reads: Reads, writes: Pick<Writes, 'change'>) {
    this.#reads = reads;
    this.#writes = writes;
  }

  change<N extends keyof AccountChanges>(
    name: N,
    input: Parameters<AccountChanges[N]>[0],
    ...entries: AuditEntry[]
  ): Promise<ReturnType<AccountChanges[N]>> {
    if (entries.length > 0) {
      const answer = this.#writes.change('audited', { name, input, entries });
      return answer as Promise<ReturnType<AccountChanges[N]>>;
    }
    // `Changes` has those of the accounts as they are; TypeScript does not see through the generic name.
    const writes = this.#writes as {
      change(name: N, input: unknown): Promise<ReturnType<AccountChanges[N]>>;
    };
    return writes.change(name, input);
  }

  async account(id: number): Promise<Account | undefined> {
    return accountOf(await this.#reads.get(ACCOUNT_QUERIES.byId, { id }));
  }

  async accountByLogin(login: string): Promise<Account | undefined> {
    const byEmail = await this.accountByEmail(login);
    if (byEmail) return byEmail;
    const [only, another] = await this.#reads.all(ACCOUNT_QUERIES.byName, { name_key: nameKey(login) });
    return only && !another ? accountOf(only) : undefined;
  }

  async accountByEmail(email: string): Promise<Account | undefined> {
    return accountOf(await this.#reads.get(ACCOUNT_QUERIES.byEmail, { email: email.trim().toLowerCase() }));
  }

  async accountByOidc(oidc: string): Promise<Account | undefined> {
    return accountOf(await this.#reads.get(ACCOUNT_QUERIES.byOidc, { oidc }));
  }

  async sessionsOf(user: number): Promise<SessionEntry[]> {
    const now = new Date().toISOString();
    const rows = await this.#reads.all(ACCOUNT_QUERIES.sessions, { user, now });
    return rows.map(({ id, created_at, expires_at, ip_address, user_agent }) => ({
      id,
      created: seconds(created_at),
      expires: seconds(expires_at),
      address: ip_address ?? '',
      userAgent: user_agent ?? '',
    }));
  }

  async tokensOf(user: number): Promise<TokenEntry[]> {
    return this.#reads.all(ACCOUNT_QUERIES.tokens, { user });
  }

  async secondFactorOf(user: number): Promise<SecondFactor | undefined> {
    const row = await this.#reads.get(ACCOUNT_QUERIES.secondFactor, { user });
    return row
      ? { secret: row.secret, confirmed: row.confirmed === 1, recoveryLeft: JSON.parse(row.recovery).length }
      : undefined;
  }

  async hasHead(): Promise<boolean> {
    return (await this.#reads.get(ACCOUNT_QUERIES.hasHead, {})) !== undefined;
  }

  async resetLinkUser(hash: string, now: number): Promise<number | undefined> {
    return (await this.#reads.get(ACCOUNT_QUERIES.resetLink, { hash, now }))?.user_id;
  }

  async accounts({ q, after, limit }: Parameters<AccountStore['accounts']>[0]): Promise<Account[]> {
    const text = { name_key: nameKey(q), email: q.trim().toLowerCase() };
    return (await this.#reads.all(ACCOUNT_QUERIES.page, { ...text, after, limit })).map(toAccount);
  }

  async outsideChanges(): Promise<number> {
    return Number((await this.#reads.get(ACCOUNT_QUERIES.outsideChanges, {}))?.value ?? 0);
  }

  async settings(): Promise<Record<string, string>> {
    const rows = await this.#reads.all(ACCOUNT_QUERIES.settings, {});
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  }
}

function accountOf(row: AccountRow | undefined): Account | undefined {
  return row && toAccount(row);
}

function toAccount({ id, name, email, head, disabled, hash, second, created_at }: AccountRow): Account {
  return {
    id,
    name,
    email,
    head: head === 1,
    disabled,
    hash,
    hasSecondFactor: second === 1,
    created: seconds(created_at),
  };
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
