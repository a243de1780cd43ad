import { createRoute, z } from '@hono/zod-openapi';
import { MessageView, PinsView, ReadersView, toMessageView } from '@pokers/protocol/http';
import { inThread, onMessage } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { readReaders } from '../../chat/read-readers.ts';
import { pinnedIn } from '../../store/pins.ts';
import { answered, IdParam, refused } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const one = createRoute({
  method: 'get',
  path: '/api/messages/{id}',
  summary: 'A message of a class of mine: what a link to it leads to',
  request: { params: IdParam },
  responses: { 200: answered('The message', MessageView), default: refused },
});

const readers = createRoute({
  method: 'get',
  path: '/api/messages/{id}/readers',
  summary: 'Who has read a message of a read-only thread: for teachers, and for whoever posted it',
  request: {
    params: IdParam,
    query: z.object({
      after: z.coerce.number().int().nonnegative().optional().describe('a user id: those after it'),
    }),
  },
  responses: { 200: answered('Those who have', ReadersView), default: refused },
});

const pins = createRoute({
  method: 'get',
  path: '/api/threads/{id}/pins',
  summary: 'The pinned messages of a thread',
  request: { params: IdParam },
  responses: { 200: answered('The messages', PinsView), default: refused },
});

export function addOneMessageRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(one, async (c) => {
    const { message } = await onMessage(chat, c.get('actor'), 'see_class', c.req.valid('param').id);
    return c.json(toMessageView(message), 200);
  });

  app.openapi(readers, async (c) => {
    const { id: message } = c.req.valid('param');
    const { after = 0 } = c.req.valid('query');
    const { readers, ...counts } = await readReaders(chat, c.get('actor'), { message, after });
    return c.json({ readers: readers.map(({ id, name }) => ({ id, name })), ...counts }, 200);
  });

  app.openapi(pins, async (c) => {
    const { id } = c.req.valid('param');
    await inThread(chat, c.get('actor'), 'see_class', id);
    const { store } = chat;
    const found = await Promise.all((await pinnedIn(store, id)).map((message) => store.message(message)));
    const messages = found.filter((message) => message !== undefined).map(toMessageView);
    return c.json({ messages }, 200);
  });
}
