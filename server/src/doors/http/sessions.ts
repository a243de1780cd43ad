import { createRoute, z } from '@hono/zod-openapi';
import { SessionView, SignInBody, SignUpBody, UserView } from '@pokers/protocol/http';
import type { Accounts } from '../../accounts/accounts.ts';
import { callerOf } from '../../accounts/caller.ts';
import type { Guards } from '../../limits/guards.ts';
import { answered, refused, wanted } from './answers.ts';
import { passCookies } from './cookies.ts';
import type { HttpApp } from './http-app.ts';

const signUp = createRoute({
  method: 'post',
  path: '/api/sign-up',
  summary: 'Make an account and sign in; the first one heads the server',
  security: [],
  request: { body: wanted(SignUpBody) },
  responses: { 201: answered('The new session', SessionView), default: refused },
});

const signIn = createRoute({
  method: 'post',
  path: '/api/sign-in',
  summary: 'Sign in',
  security: [],
  request: { body: wanted(SignInBody) },
  responses: { 200: answered('The new session', SessionView), default: refused },
});

const signOut = createRoute({
  method: 'post',
  path: '/api/sign-out',
  summary: 'End this session',
  security: [],
  responses: { 200: answered('Signed out', z.object({})), default: refused },
});

const me = createRoute({
  method: 'get',
  path: '/api/me',
  summary: 'Who am I? Prolongs the session',
  responses: { 200: answered('You', UserView), default: refused },
});

export function addSessionRoutes(app: HttpApp, accounts: Accounts, { admission, signIns }: Guards): void {
  app.openapi(signUp, async (c) => {
    admission.requireMemory();
    signIns.signUp(c.env.address());
    const { session, headers } = await accounts.signUp(
      c.req.valid('json'),
      callerOf(c.env.sender.address, c.req.raw.headers),
    );
    passCookies(c, headers);
    return c.json(session, 201);
  });

  app.openapi(signIn, async (c) => {
    admission.requireMemory();
    const body = c.req.valid('json');
    const { session, headers } = await signIns.try(c.env.address(), body.email, () =>
      accounts.signIn(body, callerOf(c.env.sender.address, c.req.raw.headers)),
    );
    passCookies(c, headers);
    return c.json(session, 200);
  });

  app.openapi(signOut, async (c) => {
    const { headers } = c.req.raw;
    passCookies(c, await accounts.signOut(headers, callerOf(c.env.sender.address, headers)));
    return c.json({}, 200);
  });

  app.openapi(me, async (c) => {
    if (c.get('session').kind === 'session') passCookies(c, await accounts.renew(c.req.raw.headers));
    return c.json(c.get('user'), 200);
  });
}
