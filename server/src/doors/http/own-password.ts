import type { Context } from 'hono';
import type { Account } from '../../accounts/account-store.ts';
import type { OwnAccount } from '../../accounts/own-account.ts';
import type { SignIns } from '../../limits/sign-ins.ts';
import { callerIn } from './caller-in.ts';
import type { Env } from './http-app.ts';

/**
 * The account of who asks, who has shown by their password that it is they. Wrong ones count as failed sign-ins, since
 * whoever found an open session would guess here.
 * @throws wrong_password, too_many
 */
export function withPassword(
  c: Context<Env>,
  signIns: SignIns,
  own: OwnAccount,
  password: string | undefined,
): Promise<Account> {
  const { id } = c.get('user');
  return signIns.try(c.env.address(), `user ${id}`, () => own.requirePassword(id, password, callerIn(c)));
}
