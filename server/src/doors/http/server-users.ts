import { createRoute, z } from '@hono/zod-openapi';
import { AddedUserView, AddUserBody, ResetLinkView, ServerUserView } from '@pokers/protocol/accounts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { answered, IdParam, PageQuery, refused, wanted } from './answers.ts';
import { callerIn, urlIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/server/users',
  summary: 'The people of this server, or those whose name or e-mail contains a text; for its heads',
  request: { query: PageQuery.extend({ q: z.string().max(100).optional() }) },
  responses: {
    200: answered('A page', z.object({ users: z.array(ServerUserView), more: z.boolean() })),
    default: refused,
  },
});

const add = createRoute({
  method: 'post',
  path: '/api/server/users',
  summary: 'Make an account for someone; for the server’s heads, as all that follow',
  request: { body: wanted(AddUserBody) },
  responses: { 201: answered('The account', AddedUserView), default: refused },
});

/** What is done to one user, and answers how they are then. */
const onUser = <Verb extends string>(verb: Verb, summary: string) =>
  createRoute({
    method: 'post',
    path: `/api/server/users/{id}/${verb}`,
    summary,
    request: { params: IdParam },
    responses: { 200: answered('The account', ServerUserView), default: refused },
  });

const disable = onUser('disable', 'Nobody signs in to this account any more, until it is enabled');
const enable = onUser('enable', 'The account is good again');
const promote = onUser('promote', 'Make someone a head of the server');
const demote = onUser('demote', 'Make a head of the server an ordinary user');
const endSecondFactor = onUser(
  'end-second-factor',
  'Switch the second factor off, for who has lost the app and the recovery codes',
);

const reset = createRoute({
  method: 'post',
  path: '/api/server/users/{id}/reset',
  summary: 'A reset link to pass on to someone',
  request: { params: IdParam },
  responses: { 200: answered('The link', ResetLinkView), default: refused },
});

export function addServerUserRoutes(
  app: HttpApp,
  { users, resetLinks, audit }: AccountServices,
  publicUrl: string | undefined,
): void {
  app.openapi(list, async (c) => {
    const { q = '', after = 0 } = c.req.valid('query');
    return c.json(await users.list(q, after), 200);
  });

  app.openapi(add, async (c) =>
    c.json(await users.add(c.get('user'), c.req.valid('json'), callerIn(c)), 201),
  );

  app.openapi(disable, async (c) =>
    c.json(await users.disable(c.get('user'), c.req.valid('param').id, callerIn(c)), 200),
  );
  app.openapi(enable, async (c) =>
    c.json(await users.enable(c.get('user'), c.req.valid('param').id, callerIn(c)), 200),
  );
  app.openapi(promote, async (c) =>
    c.json(await users.setHead(c.get('user'), c.req.valid('param').id, true, callerIn(c)), 200),
  );
  app.openapi(demote, async (c) =>
    c.json(await users.setHead(c.get('user'), c.req.valid('param').id, false, callerIn(c)), 200),
  );
  app.openapi(endSecondFactor, async (c) =>
    c.json(await users.endSecondFactor(c.get('user'), c.req.valid('param').id, callerIn(c)), 200),
  );

  app.openapi(reset, async (c) => {
    const { id } = c.req.valid('param');
    const link = await resetLinks.make(id, urlIn(c, publicUrl));
    await audit.record(
      { actor: c.get('user'), action: 'user.reset_link', user: await users.one(id) },
      callerIn(c),
    );
    return c.json(link, 200);
  });
}
