import type { Kysely } from 'kysely';
import type { Step } from '../store/records.ts';
import type { Tables } from '../store/tables.ts';
import { nameKey } from './name-key.ts';

export interface NewUser {
  readonly name: string;
  readonly email: string;
  /** Of the first password. */
  readonly hash: string;
  /** ISO, as the account library keeps times. */
  readonly at: string;
}

/** The steps that make an account with a password, to be among those of a larger change. @throws email_taken */
export function newUserSteps(db: Kysely<Tables>, { name, email, hash, at }: NewUser): Step[] {
  const user = db.selectFrom('users').where('email', '=', email);
  return [
    {
      query: db
        .insertInto('users')
        .values({ name, name_key: nameKey(name), email, created_at: at, updated_at: at })
        .onConflict((conflict) => conflict.doNothing()),
      expect: { rows: 'some', otherwise: 'email_taken', detail: email },
    },
    {
      query: db
        .insertInto('accounts')
        .columns(['user_id', 'account_id', 'provider_id', 'password', 'created_at', 'updated_at'])
        .expression(
          user.select(({ cast, ref, val }) => [
            'id',
            cast<string>(ref('id'), 'text').as('account_id'),
            val('credential').as('provider_id'),
            val(hash).as('password'),
            val(at).as('created_at'),
            val(at).as('updated_at'),
          ]),
        ),
    },
  ];
}
