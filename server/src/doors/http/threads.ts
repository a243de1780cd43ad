import { createRoute, z } from '@hono/zod-openapi';
import { ChangeThreadBody, CreateThreadBody, DeleteThreadBody, ThreadView } from '@pokers/protocol/classes';
import { ReadBody, ReadView, UnreadView } from '@pokers/protocol/http';
import { type Actor, afterChange, inClass, inThread, requireScope } from '../../chat/access.ts';
import { changeThread } from '../../chat/change-thread.ts';
import type { Chat } from '../../chat/chat.ts';
import { createThread } from '../../chat/create-thread.ts';
import { deleteThread } from '../../chat/delete-thread.ts';
import { markRead } from '../../chat/mark-read.ts';
import type { ThreadOfReader } from '../../store/store.ts';
import type { OwnNews } from '../own-news.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/classes/{id}/threads',
  summary: 'Threads of a class of mine: pinned ones, then the ones with the newest messages',
  request: { params: IdParam },
  responses: { 200: answered('Threads', z.object({ threads: z.array(ThreadView) })), default: refused },
});

const unread = createRoute({
  method: 'get',
  path: '/api/unread',
  summary: 'Threads of all my classes in which something is unread; archived ones aside',
  responses: { 200: answered('Threads', UnreadView), default: refused },
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

const change = createRoute({
  method: 'patch',
  path: '/api/threads/{id}',
  summary: 'Rename a thread, pin it, make it read-only, archive it',
  request: { params: IdParam, body: wanted(ChangeThreadBody) },
  responses: { 200: answered('The thread', ThreadView), default: refused },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/threads/{id}',
  summary: 'Delete a thread with all that was said in it',
  request: { params: IdParam, body: wanted(DeleteThreadBody) },
  responses: { 200: answered('Deleted', z.object({})), default: refused },
});

const read = createRoute({
  method: 'post',
  path: '/api/threads/{id}/read',
  summary: 'I have read this thread up to a message',
  request: { params: IdParam, body: wanted(ReadBody) },
  responses: { 200: answered('What is still unread', ReadView), default: refused },
});

export function addThreadRoutes(app: HttpApp, chat: Chat, news: OwnNews): void {
  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'see_class', id);
    return c.json({ threads: (await chat.store.threadsOf(id, c.get('actor').id)).map(viewOf) }, 200);
  });

  app.openapi(unread, async (c) => {
    requireScope(c.get('actor'), 'read');
    const threads = await chat.store.unreadOf(c.get('user').id);
    return c.json({ threads: threads.map(({ read: _read, ...thread }) => thread) }, 200);
  });

  app.openapi(create, async (c) => {
    const { name } = c.req.valid('json');
    const thread = await createThread(chat, c.get('actor'), { classroom: c.req.valid('param').id, name });
    return c.json(viewOf({ ...thread, unread: 0, mentions: 0, read: null }), 201);
  });

  app.openapi(read, async (c) => {
    const { id: thread } = c.req.valid('param');
    const { message } = c.req.valid('json');
    const { unread, mentions, read } = await markRead(chat, c.get('actor'), { thread, message });
    news.tell(c.get('user').id, { op: 'seen', thread, message: read ?? message, unread, mentions });
    return c.json({ thread, unread, mentions }, 200);
  });

  app.openapi(one, async (c) => c.json(await threadView(chat, c.get('actor'), c.req.valid('param').id), 200));

  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    await changeThread(chat, c.get('actor'), id, c.req.valid('json'));
    return c.json(await threadView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(remove, async (c) => {
    await deleteThread(chat, c.get('actor'), c.req.valid('param').id, c.req.valid('json').confirm);
    return c.json({}, 200);
  });
}

async function threadView(chat: Chat, actor: Actor, id: number): Promise<ThreadView> {
  const { thread } = await inThread(chat, actor, 'see_class', id);
  return viewOf({ ...thread, ...(await chat.store.reading(actor.id, id)) });
}

function viewOf(thread: ThreadOfReader): ThreadView {
  const { id, class: classroom, name, creator, date, seq, messages, unread } = thread;
  const { mentions, read, last, pinned, read_only, archived } = thread;
  return {
    id,
    class: classroom,
    name,
    date: date ?? 0,
    seq,
    messages,
    unread,
    mentions,
    ...(read !== null && { read }),
    ...(creator !== null && { creator }),
    ...(last !== null && { last }),
    ...(pinned !== null && { pinned }),
    ...(read_only !== null && { read_only }),
    ...(archived !== null && { archived }),
  };
}
