import type { Database, Statement } from 'bun:sqlite';
import { LIMITS } from '@pokers/protocol/limits';
import type { AccountChanges } from '../../accounts/account-store.ts';
import { nameKey } from '../../accounts/name-key.ts';
import { PokersError } from '../../errors.ts';

/** Reset links of one person that are good at the same time: asking again makes the oldest useless. */
const RESET_LINKS_MAX = 5;

/** The changes of accounts: for the writer thread, and for the command line. */
export function accountChanges(db: Database): AccountChanges {
  const sql = prepareStatements(db);

  const setPassword: AccountChanges['setPassword'] = ({ user, hash, keep, at }) => {
    const { changes } = sql.updateHash.run({ user, hash, at });
    if (changes === 0)
      sql.insertAccount.run({ user, provider: 'credential', account: String(user), hash, at });
    sql.endSessions.run({ user, keep });
    sql.deleteResetLinks.run({ user });
    return null;
  };

  const refuseLastHead = (user: number): void => {
    if (sql.isLastHead.get({ user })) throw new PokersError('last_head');
  };

  return {
    createUser({ name, email, hash, oidc, isVerified, claimsHead, at }) {
      const address = email.toLowerCase();
      if (sql.hasEmail.get({ email: address, user: null })) throw new PokersError('email_taken');
      const head = claimsHead && !sql.anyHead.get({});
      const row = sql.insertUser.get({
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
        sql.insertAccount.run({ user, provider: 'credential', account: String(user), hash, at });
      if (oidc !== null) sql.insertAccount.run({ user, provider: 'oidc', account: oidc, hash: null, at });
      return { id: user, head };
    },

    changeUser({ user, name, email, at }) {
      if (name !== undefined) sql.rename.run({ user, name, name_key: nameKey(name), at });
      if (email !== undefined) {
        const address = email.toLowerCase();
        if (sql.hasEmail.get({ email: address, user })) throw new PokersError('email_taken');
        sql.changeEmail.run({ user, email: address, at });
      }
      return null;
    },

    linkOidc({ user, oidc, at }) {
      const isFirst = sql.verifyEmail.run({ user, at }).changes > 0;
      if (isFirst) {
        for (const statement of sql.waysIn) statement.run({ user });
        sql.endSessions.run({ user, keep: null });
      }
      sql.insertAccount.run({ user, provider: 'oidc', account: oidc, hash: null, at });
      return { former: isFirst ? 'ended' : 'kept' };
    },

    setPassword,

    replaceHash: (change) => sql.replaceHash.run(change).changes > 0,
    endSession: (which) => sql.endSession.run(which).changes > 0,
    endSessions(which) {
      sql.endSessions.run(which);
      return null;
    },

    createToken(draft) {
      if ((sql.countTokens.get({ user: draft.user })?.tokens ?? 0) >= LIMITS.tokensPerUser) {
        throw new PokersError('limit_reached', `at most ${LIMITS.tokensPerUser} tokens`);
      }
      const row = sql.insertToken.get({ ...draft });
      if (!row) throw new Error('the inserted token was not returned');
      return row.id;
    },
    deleteToken: (which) => sql.deleteToken.run(which).changes > 0,
    noteTokenUsed(use) {
      sql.noteTokenUsed.run(use);
      return null;
    },

    beginSecondFactor({ user, secret, recovery }) {
      if (sql.secondFactor.get({ user })?.confirmed === 1) throw new PokersError('second_factor_on');
      sql.putSecondFactor.run({ user, secret, recovery: JSON.stringify(recovery) });
      return null;
    },
    confirmSecondFactor: (what) => sql.confirmSecondFactor.run(what).changes > 0,
    useStep: (use) => sql.useStep.run(use).changes > 0,
    useRecovery({ user, hash }) {
      const row = sql.secondFactor.get({ user });
      const codes = row?.confirmed === 1 ? (JSON.parse(row.recovery) as string[]) : [];
      if (!codes.includes(hash)) return false;
      sql.setRecovery.run({ user, recovery: JSON.stringify(codes.filter((code) => code !== hash)) });
      return true;
    },
    setRecovery: ({ user, recovery }) =>
      sql.setRecovery.run({ user, recovery: JSON.stringify(recovery) }).changes > 0,
    removeSecondFactor: (which) => sql.removeSecondFactor.run(which).changes > 0,

    addResetLink({ user, hash, expires, now }) {
      sql.forgetResetLinks.run({ user, now });
      sql.insertResetLink.run({ user, hash, expires });
      sql.thinResetLinks.run({ user });
      return null;
    },
    useResetLink({ hash, password, now, at }) {
      const row = sql.takeResetLink.get({ hash, now });
      if (!row) throw new PokersError('link_not_good');
      setPassword({ user: row.user_id, hash: password, keep: null, at });
      return row.user_id;
    },

    setDisabled({ user, since }) {
      if (!sql.hasUser.get({ user })) throw new PokersError('user_not_found');
      if (since !== null) refuseLastHead(user);
      sql.setDisabled.run({ user, since });
      if (since !== null) sql.endSessions.run({ user, keep: null });
      return null;
    },
    setHead({ user, head }) {
      if (!sql.hasUser.get({ user })) throw new PokersError('user_not_found');
      if (!head) refuseLastHead(user);
      sql.setHead.run({ user, head: head ? 1 : 0 });
      return null;
    },
    noteOutsideChange() {
      sql.noteOutsideChange.run({});
      return null;
    },
    setSettings(values) {
      for (const [key, value] of Object.entries(values)) sql.putSetting.run({ key, value });
      return null;
    },
  };
}

type Values = Record<string, string | number | null>;

function prepareStatements(db: Database) {
  const one = <Row>(text: string): Statement<Row, [Values]> => db.query<Row, [Values]>(text);
  return {
    hasEmail: one('select 1 from users where email = $email and ($user is null or id <> $user)'),
    hasUser: one('select 1 from users where id = $user'),
    anyHead: one('select 1 from users where head = 1 limit 1'),
    isLastHead: one(
      `select 1 from users where id = $user and head = 1 and disabled is null
         and not exists (select 1 from users where head = 1 and disabled is null and id <> $user)`,
    ),
    insertUser: one<{ id: number }>(
      `insert into users (name, name_key, email, email_verified, head, created_at, updated_at)
       values ($name, $name_key, $email, $verified, $head, $at, $at) returning id`,
    ),
    insertAccount: one(
      `insert into accounts (account_id, provider_id, user_id, password, created_at, updated_at)
       values ($account, $provider, $user, $hash, $at, $at)`,
    ),
    rename: one('update users set name = $name, name_key = $name_key, updated_at = $at where id = $user'),
    changeEmail: one(
      'update users set email = $email, email_verified = 0, updated_at = $at where id = $user',
    ),
    verifyEmail: one(
      'update users set email_verified = 1, updated_at = $at where id = $user and email_verified = 0',
    ),
    waysIn: [
      one('delete from accounts where user_id = $user'),
      one('delete from tokens where user_id = $user'),
      one('delete from second_factors where user_id = $user'),
      one('delete from reset_links where user_id = $user'),
    ],
    updateHash: one(
      `update accounts set password = $hash, updated_at = $at
       where user_id = $user and provider_id = 'credential'`,
    ),
    replaceHash: one(
      `update accounts set password = $to
       where user_id = $user and provider_id = 'credential' and password = $from`,
    ),
    endSession: one('delete from sessions where user_id = $user and id = $session'),
    endSessions: one('delete from sessions where user_id = $user and ($keep is null or id <> $keep)'),
    countTokens: one<{ tokens: number }>('select count(*) as tokens from tokens where user_id = $user'),
    insertToken: one<{ id: number }>(
      `insert into tokens (user_id, name, hash, scopes, created, expires)
       values ($user, $name, $hash, $scopes, $created, $expires) returning id`,
    ),
    deleteToken: one('delete from tokens where user_id = $user and id = $token'),
    noteTokenUsed: one('update tokens set used = $used where id = $token'),
    secondFactor: one<{ confirmed: 0 | 1; recovery: string }>(
      'select confirmed, recovery from second_factors where user_id = $user',
    ),
    putSecondFactor: one(
      `insert into second_factors (user_id, secret, recovery) values ($user, $secret, $recovery)
       on conflict do update set secret = excluded.secret, recovery = excluded.recovery, step = 0`,
    ),
    confirmSecondFactor: one(
      'update second_factors set confirmed = 1, step = $step where user_id = $user and confirmed = 0',
    ),
    useStep: one(
      'update second_factors set step = $step where user_id = $user and confirmed = 1 and step < $step',
    ),
    setRecovery: one(
      'update second_factors set recovery = $recovery where user_id = $user and confirmed = 1',
    ),
    removeSecondFactor: one('delete from second_factors where user_id = $user'),
    forgetResetLinks: one('delete from reset_links where user_id = $user and expires <= $now'),
    insertResetLink: one('insert into reset_links (hash, user_id, expires) values ($hash, $user, $expires)'),
    thinResetLinks: one(
      `delete from reset_links where user_id = $user and hash not in
         (select hash from reset_links where user_id = $user order by expires desc limit ${RESET_LINKS_MAX})`,
    ),
    takeResetLink: one<{ user_id: number }>(
      'delete from reset_links where hash = $hash and expires > $now returning user_id',
    ),
    deleteResetLinks: one('delete from reset_links where user_id = $user'),
    setDisabled: one('update users set disabled = $since where id = $user'),
    setHead: one('update users set head = $head where id = $user'),
    noteOutsideChange: one(
      `insert into settings (key, value) values ('outside_changes', '1')
       on conflict do update set value = value + 1`,
    ),
    putSetting: one(
      'insert into settings (key, value) values ($key, $value) on conflict do update set value = excluded.value',
    ),
  };
}
