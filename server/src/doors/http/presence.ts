import { createRoute } from '@hono/zod-openapi';
import { PresenceView } from '@pokers/protocol/classes';
import type { Here } from '../../asides/here.ts';
import { inClass } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { answered, IdParam, refused } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const presence = createRoute({
  method: 'get',
  path: '/api/classes/{id}/presence',
  summary: 'Who of a class of mine is connected now',
  request: { params: IdParam },
  responses: { 200: answered('Those who are here', PresenceView), default: refused },
});

export function addPresenceRoutes(app: HttpApp, chat: Chat, here: Here): void {
  app.openapi(presence, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'see_members', id);
    return c.json(await here.of(id), 200);
  });
}
