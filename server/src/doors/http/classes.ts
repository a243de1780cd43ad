import { createRoute, z } from '@hono/zod-openapi';
import { ClassView, CreateClassBody, JoinClassBody, MemberView } from '@pokers/protocol/http';
import { classroomFor } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { createClass } from '../../chat/create-class.ts';
import { joinClass } from '../../chat/join-class.ts';
import type { User } from '../../store/store.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/classes',
  summary: 'My classes, newest first',
  responses: { 200: answered('Classes', z.object({ classes: z.array(ClassView) })), default: refused },
});

const create = createRoute({
  method: 'post',
  path: '/api/classes',
  summary: 'Make a class; you head it',
  request: { body: wanted(CreateClassBody) },
  responses: { 201: answered('The class', ClassView), default: refused },
});

const join = createRoute({
  method: 'post',
  path: '/api/classes/join',
  summary: 'Enter a class by its code',
  request: { body: wanted(JoinClassBody) },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const one = createRoute({
  method: 'get',
  path: '/api/classes/{id}',
  summary: 'A class of mine',
  request: { params: IdParam },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const members = createRoute({
  method: 'get',
  path: '/api/classes/{id}/members',
  summary: 'Who is in a class of mine',
  request: { params: IdParam },
  responses: { 200: answered('Members', z.object({ members: z.array(MemberView) })), default: refused },
});

export function addClassRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => c.json({ classes: await chat.store.classroomsOf(c.get('user').id) }, 200));

  app.openapi(create, async (c) => {
    const { id } = await createClass(chat, c.get('user'), c.req.valid('json'));
    return c.json(await viewOf(chat, c.get('user'), id), 201);
  });

  app.openapi(join, async (c) => {
    const { id } = await joinClass(chat, c.get('user'), c.req.valid('json').code);
    return c.json(await viewOf(chat, c.get('user'), id), 200);
  });

  app.openapi(one, async (c) => c.json(await viewOf(chat, c.get('user'), c.req.valid('param').id), 200));

  app.openapi(members, async (c) => {
    const { id } = c.req.valid('param');
    await classroomFor(chat.store, c.get('user'), id);
    return c.json({ members: await chat.store.membersOf(id) }, 200);
  });
}

async function viewOf({ store }: Chat, user: User, id: number): Promise<ClassView> {
  const { classroom, role } = await classroomFor(store, user, id);
  return { ...classroom, role, members: await store.countMembers(id) };
}
