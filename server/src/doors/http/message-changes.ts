import { createRoute } from '@hono/zod-openapi';
import {
  EditMessageBody,
  MessageView,
  PinBody,
  ReactBody,
  ReactorsView,
  toMessageView,
} from '@pokers/protocol/http';
import type { Chat } from '../../chat/chat.ts';
import { deleteMessage } from '../../chat/delete-message.ts';
import { editMessage } from '../../chat/edit-message.ts';
import { pinMessage } from '../../chat/pin-message.ts';
import { react } from '../../chat/react.ts';
import { whoReacted } from '../../chat/who-reacted.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const edit = createRoute({
  method: 'patch',
  path: '/api/messages/{id}',
  summary: 'Give a message of mine another text',
  request: { params: IdParam, body: wanted(EditMessageBody) },
  responses: { 200: answered('The message as it stands', MessageView), default: refused },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/messages/{id}',
  summary: 'Take a message away: mine, or as a teacher anyone’s',
  request: { params: IdParam },
  responses: { 200: answered('What is left of it', MessageView), default: refused },
});

const reaction = createRoute({
  method: 'post',
  path: '/api/messages/{id}/reactions',
  summary: 'Put an emoji on a message, or take mine off',
  request: { params: IdParam, body: wanted(ReactBody) },
  responses: { 200: answered('The message as it stands', MessageView), default: refused },
});

const reactors = createRoute({
  method: 'get',
  path: '/api/messages/{id}/reactions',
  summary: 'Who put which emoji on a message',
  request: { params: IdParam },
  responses: { 200: answered('The emoji, and people by name', ReactorsView), default: refused },
});

const pin = createRoute({
  method: 'post',
  path: '/api/messages/{id}/pin',
  summary: 'Pin a message to its thread, or unpin it; for teachers',
  request: { params: IdParam, body: wanted(PinBody) },
  responses: { 200: answered('The message as it stands', MessageView), default: refused },
});

export function addMessageChangeRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(edit, async (c) => {
    const target = { message: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(toMessageView(await editMessage(chat, c.get('actor'), target)), 200);
  });

  app.openapi(remove, async (c) => {
    const target = { message: c.req.valid('param').id };
    return c.json(toMessageView(await deleteMessage(chat, c.get('actor'), target)), 200);
  });

  app.openapi(reaction, async (c) => {
    const target = { message: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(toMessageView(await react(chat, c.get('actor'), target)), 200);
  });

  app.openapi(reactors, async (c) => {
    const reactions = await whoReacted(chat, c.get('actor'), c.req.valid('param').id);
    return c.json({ reactions: reactions.map((of) => ({ ...of, users: [...of.users] })) }, 200);
  });

  app.openapi(pin, async (c) => {
    const target = { message: c.req.valid('param').id, ...c.req.valid('json') };
    return c.json(toMessageView(await pinMessage(chat, c.get('actor'), target)), 200);
  });
}
