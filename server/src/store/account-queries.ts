import type { TokenEntry } from '../accounts/account-store.ts';
import { statement } from './statement.ts';

export interface AccountRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: 0 | 1;
  readonly disabled: number | null;
  readonly hash: string | null;
  readonly second: 0 | 1;
  readonly created_at: string;
}

export interface SessionRow {
  readonly id: number;
  readonly created_at: string;
  readonly expires_at: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

/** The keys of the server's own settings. */
const SETTINGS = ['name', 'sign_up', 'create_classes'] as const;

const ACCOUNT = `select u.id, u.name, u.email, u.head, u.disabled, u.created_at, a.password as hash,
  case when exists (select 1 from second_factors f where f.user_id = u.id and f.confirmed = 1) then 1 else 0 end as second
  from users u left join accounts a on a.user_id = u.id and a.provider_id = 'credential'`;

/** What is read of accounts. */
export const ACCOUNT_QUERIES = {
  byId: statement<AccountRow>(`${ACCOUNT} where u.id = $id`),
  byEmail: statement<AccountRow>(`${ACCOUNT} where u.email = $email`),
  byName: statement<AccountRow>(`${ACCOUNT} where u.name_key = $name_key limit 2`),
  byOidc: statement<AccountRow>(
    `${ACCOUNT} join accounts o on o.user_id = u.id and o.provider_id = 'oidc' where o.account_id = $oidc`,
  ),
  sessions: statement<SessionRow>(
    `select id, created_at, expires_at, ip_address, user_agent from sessions
     where user_id = $user and expires_at > $now order by id desc limit 200`,
  ),
  tokens: statement<TokenEntry>(
    'select id, name, scopes, created, expires, used from tokens where user_id = $user order by id desc',
  ),
  secondFactor: statement<{ secret: string; confirmed: 0 | 1; recovery: string }>(
    'select secret, confirmed, recovery from second_factors where user_id = $user',
  ),
  page: statement<AccountRow>(
    `${ACCOUNT} where u.id > $after and (instr(u.name_key, $name_key) > 0 or instr(u.email, $email) > 0)
     order by u.id limit $limit`,
  ),
  hasHead: statement<{ id: number }>('select id from users where head = 1 limit 1'),
  resetLink: statement<{ user_id: number }>(
    'select user_id from reset_links where hash = $hash and expires > $now',
  ),
  outsideChanges: statement<{ value: string }>("select value from settings where key = 'outside_changes'"),
  settings: statement<{ key: string; value: string }>(
    `select key, value from settings where key in (${SETTINGS.map((key) => `'${key}'`)})`,
  ),
};

export interface SignedInRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: 0 | 1;
}

/** Whose a session or token is: asked for at every request. */
export const SESSION_QUERIES = {
  session: statement<SignedInRow & { readonly session: number }>(
    `select s.id as session, u.id, u.name, u.email, u.head from sessions s join users u on u.id = s.user_id
     where s.token = $token and s.expires_at > $now and u.disabled is null`,
  ),
  token: statement<
    SignedInRow & { readonly token: number; readonly scopes: string; readonly used: number | null }
  >(
    `select t.id as token, t.scopes, t.used, u.id, u.name, u.email, u.head
     from tokens t join users u on u.id = t.user_id
     where t.hash = $hash and (t.expires is null or t.expires > $now) and u.disabled is null`,
  ),
};
