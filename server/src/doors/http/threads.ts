import { createRoute, z } from '@hono/zod-openapi';
import { CreateThreadBody, ThreadView } from '@pokers/protocol/http';
import { classroomFor, threadFor } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { createThread } from '../../chat/create-thread.ts';
import type { Thread } from '../../store/store.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-door.ts';

const list = createRoute({
  method: 'get',
  path: '/api/classes/{id}/threads',
  summary: 'Threads of a class of mine, the ones with the newest messages first',
  request: { params: IdParam },
  responses: { 200: answered('Threads', z.object({ threads: z.array(ThreadView) })), default: refused },
});

const create = createRoute({
  method: 'post',
  path: '/api/classes/{id}/threads',
  summary: 'Open a thread',
  request: { params: IdParam, body: wanted(CreateThreadBody) },
  responses: { 201: answered('The thread', ThreadView), default: refused },
});

const one = createRoute({
  method: 'get',
  path: '/api/threads/{id}',
  summary: 'A thread of a class of mine',
  request: { params: IdParam },
  responses: { 200: answered('The thread', ThreadView), default: refused },
});

export function addThreadRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    await classroomFor(chat.store, c.get('user'), id);
    return c.json({ threads: (await chat.store.threadsOf(id)).map(viewOf) }, 200);
  });

  app.openapi(create, async (c) => {
    const { name } = c.req.valid('json');
    const thread = await createThread(chat, c.get('user'), { classroom: c.req.valid('param').id, name });
    return c.json(viewOf(thread), 201);
  });

  app.openapi(one, async (c) => {
    const { thread } = await threadFor(chat.store, c.get('user'), c.req.valid('param').id);
    return c.json(viewOf(thread), 200);
  });
}

function viewOf({ creator, last, date, ...thread }: Thread): ThreadView {
  return {
    ...thread,
    date: date ?? 0,
    ...(creator !== null && { creator }),
    ...(last !== null && { last }),
  };
}
