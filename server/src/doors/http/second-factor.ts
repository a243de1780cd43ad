import { createRoute, z } from '@hono/zod-openapi';
import { CodeBody, PasswordBody, RecoveryView, SecondFactorView } from '@pokers/protocol/accounts';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { SignIns } from '../../limits/sign-ins.ts';
import { answered, refused, wanted } from './answers.ts';
import { callerIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';
import { withPassword } from './own-password.ts';

const begin = createRoute({
  method: 'post',
  path: '/api/me/totp',
  summary: 'Set up a second factor; it is in force when a code has confirmed it',
  request: { body: wanted(PasswordBody) },
  responses: { 200: answered('What the app needs', SecondFactorView), default: refused },
});

const confirm = createRoute({
  method: 'post',
  path: '/api/me/totp/confirm',
  summary: 'Confirm the second factor with a code of the app',
  request: { body: wanted(CodeBody) },
  responses: { 200: answered('In force', z.object({})), default: refused },
});

const end = createRoute({
  method: 'delete',
  path: '/api/me/totp',
  summary: 'Switch the second factor off',
  request: { body: wanted(PasswordBody) },
  responses: { 200: answered('Off', z.object({})), default: refused },
});

const renew = createRoute({
  method: 'post',
  path: '/api/me/totp/recovery',
  summary: 'New recovery codes; the former are not good any more',
  request: { body: wanted(PasswordBody) },
  responses: { 200: answered('The codes', RecoveryView), default: refused },
});

export function addSecondFactorRoutes(
  app: HttpApp,
  { own, secondFactors }: AccountServices,
  signIns: SignIns,
): void {
  app.openapi(begin, async (c) => {
    const account = await withPassword(c, signIns, own, c.req.valid('json').password);
    return c.json(await secondFactors.begin(account), 200);
  });

  app.openapi(confirm, async (c) => {
    await secondFactors.confirm(c.get('user'), c.req.valid('json').code, callerIn(c));
    return c.json({}, 200);
  });

  app.openapi(end, async (c) => {
    const account = await withPassword(c, signIns, own, c.req.valid('json').password);
    await secondFactors.end(account, callerIn(c));
    return c.json({}, 200);
  });

  app.openapi(renew, async (c) => {
    const account = await withPassword(c, signIns, own, c.req.valid('json').password);
    return c.json(await secondFactors.renewRecovery(account, callerIn(c)), 200);
  });
}
