import { createRoute, z } from '@hono/zod-openapi';
import { SignInBody, SignInOptionsView, SignUpBody } from '@pokers/protocol/accounts';
import { SessionView } from '@pokers/protocol/http';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { Guards } from '../../limits/guards.ts';
import { answered, refused, wanted } from './answers.ts';
import { callerIn } from './caller-in.ts';
import { passCookies } from './cookies.ts';
import type { HttpApp } from './http-app.ts';

const options = createRoute({
  method: 'get',
  path: '/api/sign-in-options',
  summary: 'In which ways one can sign in here, and who may make an account',
  security: [],
  responses: { 200: answered('What there is', SignInOptionsView), default: refused },
});

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

export function addSessionRoutes(
  app: HttpApp,
  { accounts, settings, resetLinks, oidc }: AccountServices,
  { admission, signIns }: Guards,
): void {
  app.openapi(options, async (c) => {
    const { name, sign_up } = await settings.read();
    const mail = resetLinks.sendsMail;
    return c.json({ name, sign_up, mail, ...(oidc && { oidc: { name: oidc.name } }) }, 200);
  });

  app.openapi(signUp, async (c) => {
    admission.requireMemory();
    signIns.signUp(c.env.address());
    const { session, headers } = await accounts.signUp(c.req.valid('json'), callerIn(c));
    passCookies(c, headers);
    return c.json(session, 201);
  });

  app.openapi(signIn, async (c) => {
    admission.requireMemory();
    const body = c.req.valid('json');
    const device = await accounts.deviceOf(c.req.raw.headers, body.email);
    const { session, headers } = await signIns.try(
      c.env.address(),
      body.email,
      () => accounts.signIn(body, callerIn(c)),
      device,
    );
    passCookies(c, headers);
    return c.json(session, 200);
  });

  app.openapi(signOut, async (c) => {
    passCookies(c, await accounts.signOut(c.req.raw.headers, callerIn(c)));
    return c.json({}, 200);
  });
}
