import { LIMITS } from '@pokers/protocol/limits';
import type { AccountChanges } from '../accounts/account-store.ts';
import { nameKey } from '../accounts/name-key.ts';
import { PokersError } from '../errors.ts';
import { one, run, type Steps, statement } from './statement.ts';

/** Reset links of one person that are good at the same time: asking again makes the oldest useless. */
const RESET_LINKS_MAX = 5;

/** No row has this id: in the place of the one that is to be left out, where there is none. */
const NONE = 0;

/** The changes of accounts, as steps for whichever engine carries them out. */
export const ACCOUNT_CHANGES: {
  readonly [N in keyof AccountChanges]: (
    input: Parameters<AccountChanges[N]>[0],
  ) => Steps<ReturnType<AccountChanges[N]>>;
} = {
  *createUser({ name, email, hash, oidc, isVerified, claimsHead, at }) {
    const address = email.toLowerCase();
    if (yield* one(sql.hasEmail, { email: address, user: NONE })) throw new PokersError('email_taken');
    const head = claimsHead && !(yield* one(sql.anyHead, {}));
    const row = yield* one(sql.insertUser, {
      name,
      name_key: nameKey(name),
      email: address,
      verified: isVerified ? 1 : 0,
      head: head ? 1 : 0,
      at,
    });
    if (!row) throw new Error('the inserted user was not returned');
    const user = row.id;
    if (hash !== null)
      yield* run(sql.insertAccount, { user, provider: 'credential', account: String(user), hash, at });
    if (oidc !== null)
      yield* run(sql.insertAccount, { user, provider: 'oidc', account: oidc, hash: null, at });
    return { id: user, head };
  },

  *changeUser({ user, name, email, at }) {
    if (name !== undefined) yield* run(sql.rename, { user, name, name_key: nameKey(name), at });
    if (email !== undefined) {
      const address = email.toLowerCase();
      if (yield* one(sql.hasEmail, { email: address, user })) throw new PokersError('email_taken');
      yield* run(sql.changeEmail, { user, email: address, at });
    }
    return null;
  },

  *linkOidc({ user, oidc, at }) {
    const isFirst = yield* done(sql.verifyEmail, { user, at });
    if (isFirst) {
      for (const statement of sql.waysIn) yield* run(statement, { user });
      yield* run(sql.endSessions, { user, keep: NONE });
    }
    yield* run(sql.insertAccount, { user, provider: 'oidc', account: oidc, hash: null, at });
    return { former: isFirst ? 'ended' : 'kept' };
  },

  setPassword,

  replaceHash: (change) => done(sql.replaceHash, change),
  endSession: (which) => done(sql.endSession, which),
  *endSessions({ user, keep }) {
    yield* run(sql.endSessions, { user, keep: keep ?? NONE });
    return null;
  },

  *createToken(draft) {
    if (((yield* one(sql.countTokens, { user: draft.user }))?.tokens ?? 0) >= LIMITS.tokensPerUser) {
      throw new PokersError('limit_reached', `at most ${LIMITS.tokensPerUser} tokens`);
    }
    const row = yield* one(sql.insertToken, { ...draft });
    if (!row) throw new Error('the inserted token was not returned');
    return row.id;
  },
  deleteToken: (which) => done(sql.deleteToken, which),
  *noteTokenUsed(use) {
    yield* run(sql.noteTokenUsed, use);
    return null;
  },

  *beginSecondFactor({ user, secret, recovery }) {
    if ((yield* one(sql.secondFactor, { user }))?.confirmed === 1) throw new PokersError('second_factor_on');
    yield* run(sql.putSecondFactor, { user, secret, recovery: JSON.stringify(recovery) });
    return null;
  },
  confirmSecondFactor: (what) => done(sql.confirmSecondFactor, what),
  useStep: (use) => done(sql.useStep, use),
  *useRecovery({ user, hash }) {
    const row = yield* one(sql.secondFactor, { user });
    const codes = row?.confirmed === 1 ? (JSON.parse(row.recovery) as string[]) : [];
    if (!codes.includes(hash)) return false;
    yield* run(sql.setRecovery, { user, recovery: JSON.stringify(codes.filter((code) => code !== hash)) });
    return true;
  },
  setRecovery: ({ user, recovery }) => done(sql.setRecovery, { user, recovery: JSON.stringify(recovery) }),
  removeSecondFactor: (which) => done(sql.removeSecondFactor, which),

  *addResetLink({ user, hash, expires, now }) {
    yield* run(sql.forgetResetLinks, { user, now });
    yield* run(sql.insertResetLink, { user, hash, expires });
    yield* run(sql.thinResetLinks, { user });
    return null;
  },
  *useResetLink({ hash, password, now, at }) {
    const row = yield* one(sql.takeResetLink, { hash, now });
    if (!row) throw new PokersError('link_not_good');
    yield* setPassword({ user: row.user_id, hash: password, keep: null, at });
    // Who had got into the account may have made themselves a token.
    yield* run(sql.deleteTokens, { user: row.user_id });
    return row.user_id;
  },

  *setDisabled({ user, since }) {
    if (!(yield* one(sql.hasUser, { user }))) throw new PokersError('user_not_found');
    if (since !== null) yield* refuseLastHead(user);
    yield* run(sql.setDisabled, { user, since });
    if (since !== null) yield* run(sql.endSessions, { user, keep: NONE });
    return null;
  },
  *setHead({ user, head }) {
    if (!(yield* one(sql.hasUser, { user }))) throw new PokersError('user_not_found');
    if (!head) yield* refuseLastHead(user);
    yield* run(sql.setHead, { user, head: head ? 1 : 0 });
    return null;
  },
  *noteOutsideChange() {
    yield* run(sql.noteOutsideChange, {});
    return null;
  },
  *setSettings(values) {
    for (const [key, value] of Object.entries(values)) yield* run(sql.putSetting, { key, value });
    return null;
  },
};

function* setPassword({ user, hash, keep, at }: Parameters<AccountChanges['setPassword']>[0]): Steps<null> {
  const changes = yield* run(sql.updateHash, { user, hash, at });
  if (changes === 0)
    yield* run(sql.insertAccount, { user, provider: 'credential', account: String(user), hash, at });
  yield* run(sql.endSessions, { user, keep: keep ?? NONE });
  yield* run(sql.deleteResetLinks, { user });
  return null;
}

function* refuseLastHead(user: number): Steps<void> {
  if (yield* one(sql.isLastHead, { user })) throw new PokersError('last_head');
}

function* done(what: Parameters<typeof run>[0], values: Parameters<typeof run>[1]): Steps<boolean> {
  return (yield* run(what, values)) > 0;
}

const DELETE_TOKENS = statement('delete from tokens where user_id = $user');

/** What the changes of accounts are made of. */
const sql = {
  hasEmail: statement<{ id: number }>('select id from users where email = $email and id <> $user'),
  hasUser: statement<{ id: number }>('select id from users where id = $user'),
  anyHead: statement<{ id: number }>('select id from users where head = 1 limit 1'),
  isLastHead: statement<{ id: number }>(
    `select id from users where id = $user and head = 1 and disabled is null
       and not exists (select 1 from users where head = 1 and disabled is null and id <> $user)`,
  ),
  insertUser: statement<{ id: number }>(
    `insert into users (name, name_key, email, email_verified, head, created_at, updated_at)
     values ($name, $name_key, $email, $verified, $head, $at, $at) returning id`,
  ),
  insertAccount: statement(
    `insert into accounts (account_id, provider_id, user_id, password, created_at, updated_at)
     values ($account, $provider, $user, $hash, $at, $at)`,
  ),
  rename: statement('update users set name = $name, name_key = $name_key, updated_at = $at where id = $user'),
  changeEmail: statement(
    'update users set email = $email, email_verified = 0, updated_at = $at where id = $user',
  ),
  verifyEmail: statement(
    'update users set email_verified = 1, updated_at = $at where id = $user and email_verified = 0',
  ),
  waysIn: [
    statement('delete from accounts where user_id = $user'),
    DELETE_TOKENS,
    statement('delete from second_factors where user_id = $user'),
    statement('delete from reset_links where user_id = $user'),
  ],
  updateHash: statement(
    `update accounts set password = $hash, updated_at = $at
     where user_id = $user and provider_id = 'credential'`,
  ),
  replaceHash: statement(
    `update accounts set password = $to
     where user_id = $user and provider_id = 'credential' and password = $from`,
  ),
  endSession: statement('delete from sessions where user_id = $user and id = $session'),
  endSessions: statement('delete from sessions where user_id = $user and id <> $keep'),
  countTokens: statement<{ tokens: number }>('select count(*) as tokens from tokens where user_id = $user'),
  insertToken: statement<{ id: number }>(
    `insert into tokens (user_id, name, hash, scopes, created, expires)
     values ($user, $name, $hash, $scopes, $created, $expires) returning id`,
  ),
  deleteToken: statement('delete from tokens where user_id = $user and id = $token'),
  deleteTokens: DELETE_TOKENS,
  noteTokenUsed: statement('update tokens set used = $used where id = $token'),
  secondFactor: statement<{ confirmed: 0 | 1; recovery: string }>(
    'select confirmed, recovery from second_factors where user_id = $user',
  ),
  putSecondFactor: statement(
    `insert into second_factors (user_id, secret, recovery) values ($user, $secret, $recovery)
     on conflict (user_id) do update set secret = excluded.secret, recovery = excluded.recovery, step = 0`,
  ),
  confirmSecondFactor: statement(
    'update second_factors set confirmed = 1, step = $step where user_id = $user and confirmed = 0',
  ),
  useStep: statement(
    'update second_factors set step = $step where user_id = $user and confirmed = 1 and step < $step',
  ),
  setRecovery: statement(
    'update second_factors set recovery = $recovery where user_id = $user and confirmed = 1',
  ),
  removeSecondFactor: statement('delete from second_factors where user_id = $user'),
  forgetResetLinks: statement('delete from reset_links where user_id = $user and expires <= $now'),
  insertResetLink: statement(
    'insert into reset_links (hash, user_id, expires) values ($hash, $user, $expires)',
  ),
  thinResetLinks: statement(
    `delete from reset_links where user_id = $user and hash not in
       (select hash from reset_links where user_id = $user order by expires desc limit ${RESET_LINKS_MAX})`,
  ),
  takeResetLink: statement<{ user_id: number }>(
    'delete from reset_links where hash = $hash and expires > $now returning user_id',
  ),
  deleteResetLinks: statement('delete from reset_links where user_id = $user'),
  setDisabled: statement('update users set disabled = $since where id = $user'),
  setHead: statement('update users set head = $head where id = $user'),
  noteOutsideChange: statement(
    `insert into settings (key, value) values ('outside_changes', '1')
     on conflict (key) do update set value = cast(cast(settings.value as integer) + 1 as text)`,
  ),
  putSetting: statement(
    'insert into settings (key, value) values ($key, $value) on conflict (key) do update set value = excluded.value',
  ),
};

/** For engines that make their statements ready beforehand. */
export const ACCOUNT_STATEMENTS = Object.values(sql).flat();
