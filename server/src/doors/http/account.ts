import { createRoute, z } from '@hono/zod-openapi';
import {
  AccountView,
  ChangeAccountBody,
  ChangePasswordBody,
  OpenSessionView,
} from '@pokers/protocol/accounts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { entrustedWith } from '../../chat/entrusted.ts';
import type { SignIns } from '../../limits/sign-ins.ts';
import type { Records } from '../../store/records.ts';
import type { User } from '../../store/store.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import { callerIn } from './caller-in.ts';
import { passCookies } from './cookies.ts';
import type { HttpApp } from './http-app.ts';
import { withPassword } from './own-password.ts';

const me = createRoute({
  method: 'get',
  path: '/api/me',
  summary: 'Who am I? Prolongs the session',
  responses: { 200: answered('You', AccountView), default: refused },
});

const change = createRoute({
  method: 'patch',
  path: '/api/me',
  summary: 'Change my name or e-mail',
  request: { body: wanted(ChangeAccountBody) },
  responses: { 200: answered('You', AccountView), default: refused },
});

const changePassword = createRoute({
  method: 'post',
  path: '/api/me/password',
  summary: 'Change my password, which ends all my other sessions',
  request: { body: wanted(ChangePasswordBody) },
  responses: { 200: answered('Changed', z.object({})), default: refused },
});

const sessions = createRoute({
  method: 'get',
  path: '/api/me/sessions',
  summary: 'Where I am signed in',
  responses: {
    200: answered('Sessions', z.object({ sessions: z.array(OpenSessionView) })),
    default: refused,
  },
});

const endSession = createRoute({
  method: 'delete',
  path: '/api/me/sessions/{id}',
  summary: 'End a session of mine',
  request: { params: IdParam },
  responses: { 200: answered('Ended', z.object({})), default: refused },
});

const endOthers = createRoute({
  method: 'delete',
  path: '/api/me/sessions',
  summary: 'End all my sessions but this one',
  responses: { 200: answered('Ended', z.object({})), default: refused },
});

export function addAccountRoutes(
  app: HttpApp,
  services: AccountServices,
  { signIns, db }: { signIns: SignIns; db: Records['db'] },
): void {
  const { accounts, own } = services;
  const viewOf = async (user: User): Promise<AccountView> => ({
    ...(await own.view(user.id)),
    ...(await entrustedWith(db, user)),
  });

  app.openapi(me, async (c) => {
    if (c.get('session').kind === 'session') passCookies(c, await accounts.renew(c.req.raw.headers));
    return c.json(await viewOf(c.get('user')), 200);
  });

  app.openapi(change, async (c) => {
    const { name, email, password } = c.req.valid('json');
    const { id } = c.get('user');
    if (email !== undefined) await withPassword(c, signIns, own, password);
    await own.change(id, { name, email }, callerIn(c));
    return c.json(await viewOf(c.get('user')), 200);
  });

  app.openapi(changePassword, async (c) => {
    const { current, password } = c.req.valid('json');
    const account = await withPassword(c, signIns, own, current);
    await own.changePassword(account, password, c.get('session').id, callerIn(c));
    return c.json({}, 200);
  });

  app.openapi(sessions, async (c) => {
    const { user, id } = c.get('session');
    return c.json({ sessions: await own.sessions(user.id, id) }, 200);
  });

  app.openapi(endSession, async (c) => {
    await own.endSession(c.get('user').id, c.req.valid('param').id, callerIn(c));
    return c.json({}, 200);
  });

  app.openapi(endOthers, async (c) => {
    const { user, id } = c.get('session');
    await own.endOtherSessions(user.id, id, callerIn(c));
    return c.json({}, 200);
  });
}
