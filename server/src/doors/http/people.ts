import { createRoute } from '@hono/zod-openapi';
import { AddedView, AddMembersBody, PreviewListBody, PreviewView } from '@pokers/protocol/classes';
import type { Passwords } from '../../accounts/password.ts';
import { addPeople, previewPeople } from '../../chat/add-people.ts';
import type { Chat } from '../../chat/chat.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const preview = createRoute({
  method: 'post',
  path: '/api/classes/{id}/people/preview',
  summary: 'What is in a list of people, and what is wrong with its lines; nothing is changed',
  request: { params: IdParam, body: wanted(PreviewListBody) },
  responses: { 200: answered('The list', PreviewView), default: refused },
});

const add = createRoute({
  method: 'post',
  path: '/api/classes/{id}/people',
  summary: 'Add all the people of a list to a class, or none where a line is wrong',
  request: { params: IdParam, body: wanted(AddMembersBody) },
  responses: { 201: answered('What each of them gets', AddedView), default: refused },
});

export function addPeopleRoutes(app: HttpApp, chat: Chat, passwords: Passwords): void {
  app.openapi(preview, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await previewPeople(chat, c.get('actor'), id, c.req.valid('json')), 200);
  });

  app.openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    const list = { ...c.req.valid('json'), passwords };
    return c.json({ people: await addPeople(chat, c.get('actor'), id, list) }, 201);
  });
}
