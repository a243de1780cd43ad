import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { NotificationsView } from '@pokers/protocol/notifications';
import { metricsOf } from '../actors/metrics.ts';
import { ask, foundClass, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { PushEndpoint } from './push-endpoint.ts';

/** A server that speaks to push services on the internet only, as every server does. */
const folder = temporaryFolder('push-places');
let server: ServerProcess;
let ming: Person;
let phone: PushEndpoint;

beforeAll(async () => {
  server = await startServerInEnvironment(
    { POKERS_TEST_PUSH: JSON.stringify({ delayMs: 0, spacingMs: 0 }) },
    folder.path,
  );
  ming = await signUp(server.url, 'Ming');
  const { key } = await ask<NotificationsView>(server.url, '/api/me/notifications', { as: ming });
  phone = new PushEndpoint(key);
});
afterAll(async () => {
  await phone.close();
  await server.stop();
  folder.remove();
});

const subscribe = (endpoint: string) =>
  request(server.url, '/api/me/push-subscription', {
    as: ming,
    method: 'PUT',
    body: { endpoint, keys: phone.keys, language: 'en' },
  });

for (const endpoint of [
  'http://push.example.org/a',
  'https://push.example.org:8443/a',
  'https://user:password@push.example.org/a',
  'https://127.0.0.1/a',
  'https://0x7f.1/a',
  'https://10.1.2.3/a',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/a',
  'https://[::ffff:192.168.1.1]/a',
  'https://[fd00::1]/a',
  'https://0.0.0.0/a',
]) {
  test(`Ming cannot have the server speak to ${endpoint}`, async () => {
    const answer = await subscribe(endpoint);
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'push_service_refused']);
  });
}

test('nor to this machine by a name: that is found out when the name is looked up', async () => {
  const chen = await signUp(server.url, 'Ms Chen');
  const { classroom, thread } = await foundClass(server.url, chen, [ming]);
  const path = `/api/me/notifications/classes/${classroom.id}`;
  await ask(server.url, path, { as: ming, method: 'PUT', body: { level: 'all' } });
  expect((await subscribe('https://localhost/a')).status).toBe(200);
  await postOverHttp(server.url, chen, thread.id, 'hello');
  // Refused at once: a line that could not be opened would be tried again.
  for (const deadline = Date.now() + 20_000; ; await Bun.sleep(50)) {
    const failed = (await metricsOf(server)).get('pokers_notifications_failed_total');
    if (failed === 1) break;
    if (Date.now() > deadline) throw new Error('it was not refused');
  }
  expect(server.complaints()).toContain('localhost takes no notification');
});
