import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { NotificationsView } from '@pokers/protocol/notifications';
import { ask, foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { PushEndpoint } from './push-endpoint.ts';

const folder = temporaryFolder('push-workers');
const push = { delayMs: 0, spacingMs: 0, mayBeNear: true };
let server: ServerProcess;
let chen: Person;
let ming: Person;

const serve = () =>
  startServerInEnvironment({ POKERS_TEST_PUSH: JSON.stringify(push) }, folder.path, '--workers', '2');

beforeAll(async () => {
  server = await serve();
  [chen, ming] = [await signUp(server.url, 'Ms Chen'), await signUp(server.url, 'Ming')];
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('with several workers Ming is told of each message once, and after a restart by the same key', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming]);
  const { key } = await ask<NotificationsView>(server.url, '/api/me/notifications', { as: ming });
  const phone = new PushEndpoint(key);
  const body = { endpoint: phone.url, keys: phone.keys, language: 'en' };
  await ask(server.url, '/api/me/push-subscription', { as: ming, method: 'PUT', body });
  const path = `/api/me/notifications/classes/${classroom.id}`;
  await ask(server.url, path, { as: ming, method: 'PUT', body: { level: 'all' } });

  // Every request goes to whichever worker takes it.
  const texts = Array.from({ length: 12 }, (_, at) => `message ${at}`);
  for (const text of texts) {
    const { id } = await openThread(server.url, chen, classroom.id, text);
    await postOverHttp(server.url, chen, id, text);
  }
  await phone.got(texts.length);
  await server.stop();
  server = await serve();
  const after = await openThread(server.url, chen, classroom.id, 'after');
  await postOverHttp(server.url, chen, after.id, 'after the restart');
  const bodies = await phone.bodies(texts.length + 1);
  expect(bodies.toSorted()).toEqual(
    [...texts, 'after the restart'].map((text) => `Ms Chen: ${text}`).toSorted(),
  );
  expect(phone.faults).toEqual([]);
  await phone.close();
}, 60_000);
