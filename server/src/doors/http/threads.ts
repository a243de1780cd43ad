import { createRoute, z } from '@hono/zod-openapi';
import { CreateThreadBody, ReadBody, ReadView, ThreadView } from '@pokers/protocol/http';
import { classroomFor, threadFor } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { createThread } from '../../chat/create-thread.ts';
import { markRead } from '../../chat/mark-read.ts';
import type { ThreadOfReader } from '../../store/store.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

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

const read = createRoute({
  method: 'post',
  path: '/api/threads/{id}/read',
  summary: 'I have read this thread up to a message',
  request: { params: IdParam, body: wanted(ReadBody) },
  responses: { 200: answered('What is still unread', ReadView), default: refused },
});

export function addThreadRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    await classroomFor(chat.store, c.get('user'), id);
    return c.json({ threads: (await chat.store.threadsOf(id, c.get('user').id)).map(viewOf) }, 200);
  });

  app.openapi(create, async (c) => {
    const { name } = c.req.valid('json');
    const thread = await createThread(chat, c.get('user'), { classroom: c.req.valid('param').id, name });
    return c.json(viewOf({ ...thread, unread: 0 }), 201);
  });

  app.openapi(read, async (c) => {
    const { id: thread } = c.req.valid('param');
    const { message } = c.req.valid('json');
    return c.json({ thread, ...(await markRead(chat, c.get('user'), { thread, message })) }, 200);
  });

  app.openapi(one, async (c) => {
    const user = c.get('user');
    const { thread } = await threadFor(chat.store, user, c.req.valid('param').id);
    return c.json(viewOf({ ...thread, unread: await chat.store.unread(user.id, thread.id) }), 200);
  });
}

function viewOf({ creator, last, date, ...thread }: ThreadOfReader): ThreadView {
  return {
    ...thread,
    date: date ?? 0,
    ...(creator !== null && { creator }),
    ...(last !== null && { last }),
  };
}
