import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AccountServices } from '../../accounts/account-services.ts';
import { type OidcSignIn, TRIP_SECONDS } from '../../accounts/oidc-sign-in.ts';
import { PokersError } from '../../errors.ts';
import type { Guards } from '../../limits/guards.ts';
import { refused } from './answers.ts';
import { callerIn, urlIn } from './caller-in.ts';
import { passCookies } from './cookies.ts';
import type { Env, HttpApp } from './http-app.ts';

const onward = { 302: { description: 'Onward; to `/?error=NAME` where it failed' }, default: refused };

const start = createRoute({
  method: 'get',
  path: '/api/oidc/start',
  summary: 'Go to the sign-in service',
  security: [],
  request: { query: z.object({ invitation: z.string().max(128).optional() }) },
  responses: onward,
});

const callback = createRoute({
  method: 'get',
  path: '/api/oidc/callback',
  summary: 'Come back from the sign-in service, signed in',
  security: [],
  responses: onward,
});

const COOKIE = 'pokers.oidc';
const COOKIE_PATH = '/api/oidc';

export function addOidcRoutes(
  app: HttpApp,
  { oidc }: AccountServices,
  { admission, signIns }: Guards,
  publicUrl: string | undefined,
): void {
  app.openapi(start, (c) =>
    orBack(c, async () => {
      const { invitation } = c.req.valid('query');
      const { to, trip } = await required(oidc).start(callbackIn(c, publicUrl), invitation);
      setCookie(c, COOKIE, trip, {
        path: COOKIE_PATH,
        httpOnly: true,
        sameSite: 'Lax', // it has to come along when the service sends the browser back
        secure: c.env.sender.isSecure,
        maxAge: TRIP_SECONDS,
      });
      return c.redirect(to, 302);
    }),
  );

  app.openapi(callback, (c) =>
    orBack(c, async () => {
      admission.requireMemory();
      signIns.askReset(c.env.address());
      const trip = getCookie(c, COOKIE);
      deleteCookie(c, COOKIE, { path: COOKIE_PATH, secure: c.env.sender.isSecure });
      const url = new URL(callbackIn(c, publicUrl) + new URL(c.req.url).search);
      const { headers } = await required(oidc).finish(url, trip, callerIn(c));
      passCookies(c, headers);
      return c.redirect('/', 302);
    }),
  );
}

/** @throws not_found where the server knows no sign-in service */
function required(oidc: OidcSignIn | undefined): OidcSignIn {
  if (!oidc) throw new PokersError('not_found');
  return oidc;
}

function callbackIn(c: Context<Env>, publicUrl: string | undefined): string {
  return `${urlIn(c, publicUrl)}/api/oidc/callback`;
}

/** A person is on their way here: what went wrong is for the page to say. */
async function orBack(c: Context<Env>, go: () => Promise<Response>): Promise<Response> {
  try {
    return await go();
  } catch (error) {
    if (!(error instanceof PokersError) || error.error === 'not_found') throw error;
    return c.redirect(`/?error=${error.error}`, 302);
  }
}
