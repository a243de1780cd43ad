import { createRoute, z } from '@hono/zod-openapi';
import { AskedResetView, AskResetBody, ResetBody } from '@pokers/protocol/accounts';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { Guards } from '../../limits/guards.ts';
import { answered, refused, wanted } from './answers.ts';
import { callerIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';

const ask = createRoute({
  method: 'post',
  path: '/api/password-reset',
  summary: 'Ask for a mail with a reset link. The answer does not tell whether there is such an account',
  security: [],
  request: { body: wanted(AskResetBody) },
  responses: { 200: answered('Whether mails are sent at all', AskedResetView), default: refused },
});

const confirm = createRoute({
  method: 'post',
  path: '/api/password-reset/confirm',
  summary: 'Set a new password by a reset link, which ends all sessions of the account',
  security: [],
  request: { body: wanted(ResetBody) },
  responses: { 200: answered('Set', z.object({})), default: refused },
});

export function addPasswordResetRoutes(
  app: HttpApp,
  { resetLinks }: AccountServices,
  { admission, signIns }: Guards,
): void {
  app.openapi(ask, (c) => {
    signIns.askReset(c.env.address());
    resetLinks.ask(c.req.valid('json').email, c.req.header('accept-language') ?? '', callerIn(c));
    return c.json({ mail: resetLinks.sendsMail }, 200);
  });

  app.openapi(confirm, async (c) => {
    admission.requireMemory();
    signIns.askReset(c.env.address());
    const { token, password } = c.req.valid('json');
    await resetLinks.use(token, password, callerIn(c));
    return c.json({}, 200);
  });
}
