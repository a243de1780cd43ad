import { createRoute, z } from '@hono/zod-openapi';
import { GiveHeadBody, HeadlessClassView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { Chat } from '../../chat/chat.ts';
import { giveHead, headlessClasses } from '../../chat/give-head.ts';
import { answered, IdParam, PageQuery, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/server/headless-classes',
  summary: 'Classes that nobody heads who could sign in; for the server’s heads, as the next one',
  request: { query: PageQuery },
  responses: {
    200: answered('A page', z.object({ classes: z.array(HeadlessClassView), more: z.boolean() })),
    default: refused,
  },
});

const give = createRoute({
  method: 'post',
  path: '/api/server/headless-classes/{id}/head',
  summary: 'Give such a class a head',
  request: { params: IdParam, body: wanted(GiveHeadBody) },
  responses: { 200: answered('Given', z.object({})), default: refused },
});

export function addHeadlessClassRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => {
    const { after = 0 } = c.req.valid('query');
    const limit = LIMITS.usersPage;
    const found = await headlessClasses(chat.store, { after, limit: limit + 1 });
    return c.json({ classes: found.slice(0, limit), more: found.length > limit }, 200);
  });

  app.openapi(give, async (c) => {
    const classroom = c.req.valid('param').id;
    await giveHead(chat, c.get('actor'), { classroom, user: c.req.valid('json').user });
    return c.json({}, 200);
  });
}
