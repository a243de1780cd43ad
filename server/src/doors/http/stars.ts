import { createRoute, z } from '@hono/zod-openapi';
import { StarsView, toMessageView } from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import { requireScope } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { starMessage } from '../../chat/star-message.ts';
import { starsOf } from '../../store/stars.ts';
import type { OwnNews } from '../own-news.ts';
import { answered, IdParam, refused } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/stars',
  summary: 'The messages that I starred and may still read, the newest star first',
  request: {
    query: z.object({
      before: z.coerce.number().int().positive().optional().describe('the id of a star: older ones'),
    }),
  },
  responses: { 200: answered('A page', StarsView), default: refused },
});

const star = createRoute({
  method: 'put',
  path: '/api/messages/{id}/star',
  summary: 'Star a message, for myself',
  request: { params: IdParam },
  responses: { 200: answered('Starred', z.object({})), default: refused },
});

const unstar = createRoute({
  method: 'delete',
  path: '/api/messages/{id}/star',
  summary: 'Take a star of mine away',
  request: { params: IdParam },
  responses: { 200: answered('Taken away', z.object({})), default: refused },
});

export function addStarRoutes(app: HttpApp, chat: Chat, news: OwnNews): void {
  app.openapi(list, async (c) => {
    const { store } = chat;
    requireScope(c.get('actor'), 'read');
    const { before = Number.MAX_SAFE_INTEGER } = c.req.valid('query');
    const rows = await starsOf(store, c.get('user').id, { before, limit: LIMITS.starsPage + 1 });
    const found = await Promise.all(
      rows.slice(0, LIMITS.starsPage).map(async ({ message: id, ...star }) => {
        const message = await store.message(id);
        return message ? [{ ...star, message: toMessageView(message) }] : [];
      }),
    );
    return c.json({ stars: found.flat(), more: rows.length > LIMITS.starsPage }, 200);
  });

  const set = async (actor: Parameters<typeof starMessage>[1], message: number, on: boolean) => {
    await starMessage(chat, actor, { message, on });
    news.tell(actor.id, { op: 'starred', message, on });
  };
  app.openapi(star, async (c) => {
    await set(c.get('actor'), c.req.valid('param').id, true);
    return c.json({}, 200);
  });
  app.openapi(unstar, async (c) => {
    await set(c.get('actor'), c.req.valid('param').id, false);
    return c.json({}, 200);
  });
}
