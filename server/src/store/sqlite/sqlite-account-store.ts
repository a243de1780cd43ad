import type { Database, Statement } from 'bun:sqlite';
import type {
  Account,
  AccountChanges,
  AccountStore,
  SecondFactor,
  SessionEntry,
  TokenEntry,
} from '../../accounts/account-store.ts';
import { nameKey } from '../../accounts/name-key.ts';
import type { Writer } from './writer.ts';

/** Reads on the caller's connection and thread; changes on the writer's. */
export class SqliteAccountStore implements AccountStore {
  readonly #writer: Pick<Writer, 'run'>;
  readonly #sql: ReturnType<typeof prepareStatements>;

  constructor(reader: Database, writer: Pick<Writer, 'run'>) {
    this.#writer = writer;
    this.#sql = prepareStatements(reader);
  }

  change<N extends keyof AccountChanges>(
    name: N,
    input: Parameters<AccountChanges[N]>[0],
  ): Promise<ReturnType<AccountChanges[N]>> {
    return this.#writer.run({ kind: 'change', name, input }) as Promise<ReturnType<AccountChanges[N]>>;
  }

  async account(id: number): Promise<Account | undefined> {
    return accountOf(this.#sql.byId.get({ id }));
  }

  async accountByLogin(login: string): Promise<Account | undefined> {
    const byEmail = await this.accountByEmail(login);
    if (byEmail) return byEmail;
    const [only, another] = this.#sql.byName.all({ name_key: nameKey(login) });
    return only && !another ? accountOf(only) : undefined;
  }

  async accountByEmail(email: string): Promise<Account | undefined> {
    return accountOf(this.#sql.byEmail.get({ email: email.trim().toLowerCase() }));
  }

  async accountByOidc(oidc: string): Promise<Account | undefined> {
    return accountOf(this.#sql.byOidc.get({ oidc }));
  }

  async sessionsOf(user: number): Promise<SessionEntry[]> {
    const rows = this.#sql.sessions.all({ user, now: new Date().toISOString() });
    return rows.map(({ id, created_at, expires_at, ip_address, user_agent }) => ({
      id,
      created: seconds(created_at),
      expires: seconds(expires_at),
      address: ip_address ?? '',
      userAgent: user_agent ?? '',
    }));
  }

  async tokensOf(user: number): Promise<TokenEntry[]> {
    return this.#sql.tokens.all({ user });
  }

  async secondFactorOf(user: number): Promise<SecondFactor | undefined> {
    const row = this.#sql.secondFactor.get({ user });
    return row
      ? { secret: row.secret, confirmed: row.confirmed === 1, recoveryLeft: JSON.parse(row.recovery).length }
      : undefined;
  }

  async hasHead(): Promise<boolean> {
    return this.#sql.hasHead.get({}) !== null;
  }

  async isResetLinkGood(hash: string, now: number): Promise<boolean> {
    return this.#sql.resetLink.get({ hash, now }) !== null;
  }

  async accounts({ q, after, limit }: Parameters<AccountStore['accounts']>[0]): Promise<Account[]> {
    return this.#sql.page
      .all({ name_key: nameKey(q), email: q.trim().toLowerCase(), after, limit })
      .map(toAccount);
  }

  async outsideChanges(): Promise<number> {
    return Number(this.#sql.outsideChanges.get({})?.value ?? 0);
  }

  async settings(): Promise<Record<string, string>> {
    return Object.fromEntries(this.#sql.settings.all({}).map(({ key, value }) => [key, value]));
  }
}

interface AccountRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: 0 | 1;
  readonly disabled: number | null;
  readonly hash: string | null;
  readonly second: 0 | 1;
  readonly created_at: string;
}

interface SessionRow {
  readonly id: number;
  readonly created_at: string;
  readonly expires_at: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

function accountOf(row: AccountRow | null | undefined): Account | undefined {
  return row ? toAccount(row) : undefined;
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

/** The keys of the server's own settings. */
const SETTINGS = ['name', 'sign_up', 'create_classes'] as const;

const ACCOUNT = `select u.id, u.name, u.email, u.head, u.disabled, u.created_at, a.password as hash,
  exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed = 1) as second
  from users u left join accounts a on a.user_id = u.id and a.provider_id = 'credential'`;

function prepareStatements(db: Database) {
  const query = <Row>(text: string): Statement<Row, [Record<string, string | number>]> => db.query(text);
  return {
    byId: query<AccountRow>(`${ACCOUNT} where u.id = $id`),
    byEmail: query<AccountRow>(`${ACCOUNT} where u.email = $email`),
    byName: query<AccountRow>(`${ACCOUNT} where u.name_key = $name_key limit 2`),
    byOidc: query<AccountRow>(
      `${ACCOUNT} join accounts o on o.user_id = u.id and o.provider_id = 'oidc' where o.account_id = $oidc`,
    ),
    sessions: query<SessionRow>(
      `select id, created_at, expires_at, ip_address, user_agent from sessions
       where user_id = $user and expires_at > $now order by id desc limit 200`,
    ),
    tokens: query<TokenEntry>(
      'select id, name, scopes, created, expires, used from tokens where user_id = $user order by id desc',
    ),
    secondFactor: query<{ secret: string; confirmed: 0 | 1; recovery: string }>(
      'select secret, confirmed, recovery from second_factors where user_id = $user',
    ),
    page: query<AccountRow>(
      `${ACCOUNT} where u.id > $after and (instr(u.name_key, $name_key) > 0 or instr(u.email, $email) > 0)
       order by u.id limit $limit`,
    ),
    hasHead: query('select 1 from users where head = 1 limit 1'),
    resetLink: query('select 1 from reset_links where hash = $hash and expires > $now'),
    outsideChanges: query<{ value: string }>("select value from settings where key = 'outside_changes'"),
    settings: query<{ key: string; value: string }>(
      `select key, value from settings where key in (${SETTINGS.map((key) => `'${key}'`)})`,
    ),
  };
}
