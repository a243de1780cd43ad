import { createRoute, z } from '@hono/zod-openapi';
import {
  ChangeClassBody,
  ClassView,
  CreateClassBody,
  HandOverBody,
  JoinClassBody,
  RequestedView,
} from '@pokers/protocol/classes';
import { isTeacher } from '@pokers/protocol/rights';
import { type Actor, afterChange, type InClass, inClass, requireScope } from '../../chat/access.ts';
import { changeClass } from '../../chat/change-class.ts';
import type { Chat } from '../../chat/chat.ts';
import { createClass } from '../../chat/create-class.ts';
import { handOver } from '../../chat/hand-over.ts';
import { joinClass } from '../../chat/join-class.ts';
import { leaveClass } from '../../chat/remove-member.ts';
import { renewCode } from '../../chat/renew-code.ts';
import { countRequests } from '../../store/members.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/classes',
  summary: 'The classes that I am in, newest first',
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
  summary: 'Enter a class by its code; 202 where a teacher has to let you in first',
  request: { body: wanted(JoinClassBody) },
  responses: {
    200: answered('The class', ClassView),
    202: answered('You asked to be let in', RequestedView),
    default: refused,
  },
});

const one = createRoute({
  method: 'get',
  path: '/api/classes/{id}',
  summary: 'A class of mine',
  request: { params: IdParam },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const change = createRoute({
  method: 'patch',
  path: '/api/classes/{id}',
  summary: 'Rename a class, describe it, change its settings, archive it',
  request: { params: IdParam, body: wanted(ChangeClassBody) },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const code = createRoute({
  method: 'post',
  path: '/api/classes/{id}/code',
  summary: 'Give a class another code',
  request: { params: IdParam },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const head = createRoute({
  method: 'post',
  path: '/api/classes/{id}/head',
  summary: 'Hand a class over to another head',
  request: { params: IdParam, body: wanted(HandOverBody) },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const leave = createRoute({
  method: 'post',
  path: '/api/classes/{id}/leave',
  summary: 'Leave a class',
  request: { params: IdParam },
  responses: { 200: answered('Left', z.object({})), default: refused },
});

export function addClassRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => {
    const actor = c.get('actor');
    requireScope(actor, 'read');
    const classes = await chat.store.classroomsOf(actor.id);
    const views = classes.map(async ({ members, role, muted_until, ...classroom }) =>
      viewOf(chat, { classroom, role, muted_until }, members),
    );
    return c.json({ classes: await Promise.all(views) }, 200);
  });

  app.openapi(create, async (c) => {
    const { id } = await createClass(chat, c.get('actor'), c.req.valid('json'));
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 201);
  });

  app.openapi(join, async (c) => {
    const { classroom, mustWait } = await joinClass(chat, c.get('actor'), c.req.valid('json').code);
    const { id, name } = classroom;
    if (mustWait) return c.json({ requested: { class: id, name } }, 202);
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(one, async (c) => c.json(await classView(chat, c.get('actor'), c.req.valid('param').id), 200));

  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    await changeClass(chat, c.get('actor'), id, c.req.valid('json'));
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(code, async (c) => {
    const { id } = c.req.valid('param');
    await renewCode(chat, c.get('actor'), id);
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(head, async (c) => {
    const { id } = c.req.valid('param');
    await handOver(chat, c.get('actor'), { classroom: id, user: c.req.valid('json').user });
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(leave, async (c) => {
    await leaveClass(chat, c.get('actor'), c.req.valid('param').id);
    return c.json({}, 200);
  });
}

/** A class as the actor sees it. @throws as `inClass` */
export async function classView(chat: Chat, actor: Actor, id: number): Promise<ClassView> {
  return viewOf(chat, await inClass(chat, actor, 'see_class', id), await chat.store.countMembers(id));
}

async function viewOf(
  { store, now }: Chat,
  { classroom, role, muted_until }: InClass,
  members: number,
): Promise<ClassView> {
  const { id, name, description, code, joining, threads_by, picture, archived } = classroom;
  return {
    id,
    name,
    description,
    role,
    members,
    joining,
    threads_by,
    ...(picture !== null && { picture: `/api/classes/${id}/picture?v=${picture.slice(0, 16)}` }),
    ...(archived !== null && { archived }),
    ...(muted_until !== null && muted_until > now() && { muted_until }),
    ...(isTeacher(role) && { code, requests: await countRequests(store, id) }),
  };
}
