import { createRoute, z } from '@hono/zod-openapi';
import {
  ChangeNotificationsBody,
  LevelBody,
  NotificationsView,
  SubscribeBody,
} from '@pokers/protocol/notifications';
import type { Chat } from '../../chat/chat.ts';
import {
  readNotifications,
  setClassLevel,
  setNotifications,
  setThreadLevel,
} from '../../chat/notifications.ts';
import type { Push } from '../../push/push.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import { urlIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';

const done = { 200: answered('Done', z.object({})), default: refused };

const read = createRoute({
  method: 'get',
  path: '/api/me/notifications',
  summary: 'What I am notified of',
  responses: { 200: answered('Notifications', NotificationsView), default: refused },
});

const change = createRoute({
  method: 'put',
  path: '/api/me/notifications',
  summary: 'Change what I am notified of, and when not',
  request: { body: wanted(ChangeNotificationsBody) },
  responses: done,
});

const changeClass = createRoute({
  method: 'put',
  path: '/api/me/notifications/classes/{id}',
  summary: 'What I am notified of in a class of mine',
  request: { params: IdParam, body: wanted(LevelBody) },
  responses: done,
});

const changeThread = createRoute({
  method: 'put',
  path: '/api/me/notifications/threads/{id}',
  summary: 'What I am notified of in a thread',
  request: { params: IdParam, body: wanted(LevelBody) },
  responses: done,
});

const subscribe = createRoute({
  method: 'put',
  path: '/api/me/push-subscription',
  summary: 'Notify this browser, until its session ends',
  request: { body: wanted(SubscribeBody) },
  responses: done,
});

const unsubscribe = createRoute({
  method: 'delete',
  path: '/api/me/push-subscription',
  summary: 'Notify this browser no longer',
  responses: done,
});

/** @param url where people find this server, if that is said */
export function addNotificationRoutes(app: HttpApp, chat: Chat, push: Push, url: string | undefined): void {
  app.openapi(read, async (c) => {
    const { user, id } = c.get('session');
    return c.json({ ...(await readNotifications(chat, user.id, id)), key: await push.publicKey() }, 200);
  });

  app.openapi(change, async (c) => {
    await setNotifications(chat, c.get('user').id, c.req.valid('json'));
    return c.json({}, 200);
  });

  app.openapi(changeClass, async (c) => {
    await setClassLevel(chat, c.get('actor'), c.req.valid('param').id, c.req.valid('json').level);
    return c.json({}, 200);
  });

  app.openapi(changeThread, async (c) => {
    await setThreadLevel(chat, c.get('actor'), c.req.valid('param').id, c.req.valid('json').level);
    return c.json({}, 200);
  });

  app.openapi(subscribe, async (c) => {
    const { user, id } = c.get('session');
    await push.subscribe({ session: id, user: user.id, origin: urlIn(c, url) }, c.req.valid('json'));
    return c.json({}, 200);
  });

  app.openapi(unsubscribe, async (c) => {
    await push.unsubscribe(c.get('session').id);
    return c.json({}, 200);
  });
}
