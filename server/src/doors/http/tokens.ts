import { createRoute, z } from '@hono/zod-openapi';
import { CreateTokenBody, NewTokenView, TokenView } from '@pokers/protocol/accounts';
import type { AccountServices } from '../../accounts/account-services.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import { callerIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/me/tokens',
  summary: 'My tokens for programs',
  responses: { 200: answered('Tokens', z.object({ tokens: z.array(TokenView) })), default: refused },
});

const create = createRoute({
  method: 'post',
  path: '/api/me/tokens',
  summary: 'Make a token for a program',
  request: { body: wanted(CreateTokenBody) },
  responses: { 201: answered('The token', NewTokenView), default: refused },
});

const revoke = createRoute({
  method: 'delete',
  path: '/api/me/tokens/{id}',
  summary: 'Take a token back',
  request: { params: IdParam },
  responses: { 200: answered('Revoked', z.object({})), default: refused },
});

export function addTokenRoutes(app: HttpApp, { tokens }: AccountServices): void {
  app.openapi(list, async (c) => c.json({ tokens: await tokens.list(c.get('user').id) }, 200));

  app.openapi(create, async (c) =>
    c.json(await tokens.create(c.get('user'), c.req.valid('json'), callerIn(c)), 201),
  );

  app.openapi(revoke, async (c) => {
    await tokens.revoke(c.get('user'), c.req.valid('param').id, callerIn(c));
    return c.json({}, 200);
  });
}
