import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { MessagesView } from '@pokers/protocol/http';
import type { CDPSession, Page } from 'playwright-core';
import { metricsOf } from '../actors/metrics.ts';
import { ask, foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { copyClient, replaceClient } from './build-of-the-client.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { keptIn, keysIn } from './kept.ts';
import { signInOn } from './signing-in.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('offline');
const client = join(folder.path, 'client');
const data = join(folder.path, 'data');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let classroom: ClassView;
let thread: ThreadView;
let path: string;
let isAway = false;

beforeAll(async () => {
  copyClient(client);
  server = await serve();
  visitors = await Visitors.to(server.url);
}, 60_000);
afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

beforeEach(async () => {
  chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '小明');
  ({ classroom, thread } = await foundClass(server.url, chen, [ming], '七班'));
  path = `/c/${classroom.id}/t/${thread.id}`;
});
afterEach(async () => {
  const complaints = await visitors.sendAway();
  if (isAway) await back();
  expect(complaints.filter((complaint) => !OF_A_GONE_FILE.test(complaint))).toEqual([]);
});

/** Again on the same port: for browsers it is the same server that was away. */
async function serve(...options: string[]): Promise<ServerProcess> {
  return startServerInEnvironment({ POKERS_TEST_WEB_CLIENT: client }, data, ...options);
}
async function away(): Promise<void> {
  isAway = true;
  await server.stop();
}
async function back(): Promise<void> {
  server = await serve('--port', String(server.port));
  isAway = false;
}

/** What a browser says of a style sheet whose place answers 404. */
const OF_A_GONE_FILE = /Refused to apply style/;

/** Ming's browser, with a service worker, and Ming signed in by the form. */
async function signIn(look: Look = {}): Promise<Page> {
  const { page } = await visitors.come(undefined, { ...look, worker: true });
  await fillIn(page, ming);
  return page;
}

async function fillIn(page: Page, who: Person): Promise<void> {
  await page.goto(path);
  await signInOn(page, who.email, who.password);
}

/** Until the worker has the page, and all that it shows is kept. */
async function settled(page: Page, text: string): Promise<void> {
  await at(page, 'message').filter({ hasText: text }).waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  const wanted = [
    `thread/${classroom.id}/${thread.id}`,
    '/api/me',
    '/api/classes',
    `/api/classes/${classroom.id}/threads`,
  ];
  await until(async () => {
    const keys = await keptIn(page);
    return wanted.every((key) => keys.includes(key));
  });
}

async function write(page: Page, text: string): Promise<void> {
  await at(page, 'composer').fill(text);
  await at(page, 'composer').press('Enter');
  await at(page, 'pending-message').filter({ hasText: text }).waitFor();
  // On disk, too: a reload before that would lose it, and the browser would ask.
  const shown = await at(page, 'pending-message').count();
  await until(async () => (await keysIn(page, 'pokers-outbox', 'entries')).length >= shown);
}

async function stored(): Promise<(string | undefined)[]> {
  const answer = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, { as: chen });
  return answer.messages.map(({ content }) => content);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error('it did not happen within 30 s');
    await Bun.sleep(50);
  }
}

describe('Ming has no line', () => {
  for (const look of [
    { size: 'desktop', locale: 'en', scheme: 'light' },
    { size: 'phone', locale: 'zh-CN', scheme: 'dark' },
  ] as const) {
    test(`and opens what he last read, on his ${look.size}`, async () => {
      await postOverHttp(server.url, chen, thread.id, '明天考试');
      const page = await signIn(look);
      await settled(page, '明天考试');
      await away();
      await page.goto('about:blank');
      await page.goto(path);
      await at(page, 'message').filter({ hasText: '明天考试' }).waitFor();
      await at(page, 'connection-retry').waitFor();
      await takePicture(page, `offline-${look.size}-${look.scheme}`);
      if (look.size === 'desktop') await expectAccessible(page);
      await page.goto('/');
      await at(page, 'class-item').filter({ hasText: '七班' }).waitFor();
      await back();
      await at(page, 'connection-retry')
        .click({ timeout: 5_000 })
        .catch(() => undefined);
      await at(page, 'connection-retry').waitFor({ state: 'hidden' });
    }, 120_000);
  }

  test('and writes: it stays over a reload, and is sent once when the line is back', async () => {
    await postOverHttp(server.url, chen, thread.id, 'any questions?');
    const page = await signIn();
    await settled(page, 'any questions?');
    await away();
    await write(page, 'which chapter?');
    await page.reload();
    await at(page, 'message').filter({ hasText: 'any questions?' }).waitFor();
    await at(page, 'pending-message').filter({ hasText: 'which chapter?' }).waitFor();
    await write(page, 'and which page?');
    await back();
    await until(async () => (await stored()).length === 3);
    await at(page, 'pending-message').first().waitFor({ state: 'detached' });
    expect(await stored()).toEqual(['any questions?', 'which chapter?', 'and which page?']);
  }, 120_000);

  test('writes and closes the page: it is sent without a page, once', async () => {
    await postOverHttp(server.url, chen, thread.id, 'good night');
    const page = await signIn();
    await settled(page, 'good night');
    const worker = await workerOf(page);
    await away();
    await write(page, 'good night, Ms Chen');
    await until(() =>
      page.evaluate(async () => {
        const registration = (await navigator.serviceWorker.ready) as object as Syncing;
        return (await registration.sync.getTags()).includes('outbox');
      }),
    );
    const elsewhere = await page.context().newPage();
    await elsewhere.goto('about:blank');
    await page.close();
    await back();
    // What the browser itself does when it finds a line.
    await until(async () => {
      await worker.sync();
      return (await stored()).length === 2;
    });
    await worker.sync();
    expect(await stored()).toEqual(['good night', 'good night, Ms Chen']);
    const again = await page.context().newPage();
    await again.goto(path);
    await at(again, 'message').filter({ hasText: 'good night, Ms Chen' }).waitFor();
    expect(await at(again, 'pending-message').count()).toBe(0);
  }, 120_000);
});

test('Ming comes back, and what he last read is there before the server has said anything', async () => {
  await postOverHttp(server.url, chen, thread.id, 'read before');
  const page = await signIn({ locale: 'en' });
  await settled(page, 'read before');
  await page.goto('about:blank');
  await postOverHttp(server.url, chen, thread.id, 'posted meanwhile');
  server.process.kill('SIGSTOP');
  try {
    await page.goto(path);
    await at(page, 'message').filter({ hasText: 'read before' }).waitFor();
    await at(page, 'thread-item').filter({ hasText: thread.name }).waitFor();
    await at(page, 'class-item').filter({ hasText: '七班' }).waitFor();
    await write(page, 'written meanwhile');
    expect(await at(page, 'message').count()).toBe(1);
  } finally {
    server.process.kill('SIGCONT');
  }
  await at(page, 'message').filter({ hasText: 'posted meanwhile' }).waitFor();
  await at(page, 'message').filter({ hasText: 'written meanwhile' }).waitFor();
  expect(await stored()).toEqual(['read before', 'posted meanwhile', 'written meanwhile']);
}, 120_000);

test('Ming’s session was ended elsewhere: when he comes back he has to sign in, and nothing is kept', async () => {
  await postOverHttp(server.url, chen, thread.id, 'for members alone');
  const page = await signIn();
  await settled(page, 'for members alone');
  await page.goto('about:blank');
  await ask(server.url, '/api/me/sessions', { as: ming, method: 'DELETE' }); // all but the one that asks
  await page.goto(path);
  await at(page, 'switch-to-sign-in').waitFor();
  await until(async () => (await keptIn(page)).length === 0);
  await page.reload();
  await at(page, 'switch-to-sign-in').waitFor();
  expect(await page.content()).not.toMatch(/for members alone|七班|小明/);
}, 120_000);

test('Ming comes again, and only what is new comes over the line', async () => {
  await postOverHttp(server.url, chen, thread.id, 'hello');
  const before = await sentBytes();
  const page = await signIn();
  await settled(page, 'hello');
  const first = (await sentBytes()) - before;
  await page.goto('about:blank');
  const from = await sentBytes();
  await page.goto(path);
  await at(page, 'message').filter({ hasText: 'hello' }).waitFor();
  const until = await sentBytes();
  // What is asked for to measure it is no part of it.
  const again = until - from - ((await sentBytes()) - until);
  console.log(`first visit ${first} B, next visit ${again} B on the wire, by HTTP`);
  expect(first).toBeGreaterThan(50_000);
  expect(again).toBeLessThan(8_000);
}, 120_000);

test('Ming signs out, and nothing of his is left for Lily, with or without a line', async () => {
  await postOverHttp(server.url, chen, thread.id, 'for Ming alone');
  const page = await signIn();
  await settled(page, 'for Ming alone');
  expect(await keptIn(page)).toContain(`thread/${classroom.id}/${thread.id}`);
  await at(page, 'sign-out').click();
  await at(page, 'switch-to-sign-in').waitFor();
  expect(await keptIn(page)).toEqual([]);
  await away();
  await page.reload();
  await page.getByText('The server cannot be reached').or(page.getByRole('alert')).first().waitFor();
  expect(await page.content()).not.toMatch(/for Ming alone|七班|小明/);
  await back();

  const lily = await signUp(server.url, 'Lily');
  await fillIn(page, lily);
  await at(page, 'class-join-code').waitFor();
  expect(await keptIn(page)).not.toContain(`thread/${classroom.id}/${thread.id}`);
  await away();
  await page.reload();
  await at(page, 'connection-retry').waitFor();
  expect(await page.content()).not.toMatch(/for Ming alone|七班|小明/);
  await back();
}, 120_000);

test('Ming was removed from the class: what he had read there is forgotten', async () => {
  await postOverHttp(server.url, chen, thread.id, 'among us');
  const page = await signIn();
  await settled(page, 'among us');
  await ask(server.url, `/api/classes/${classroom.id}/members/${ming.id}`, { as: chen, method: 'DELETE' });
  await page.reload();
  await at(page, 'class-join-code').waitFor();
  await until(async () => !(await keptIn(page)).includes(`thread/${classroom.id}/${thread.id}`));
}, 120_000);

describe('Ming’s browser is told of a message', () => {
  test('and shows it, unless he looks at the thread', async () => {
    await postOverHttp(server.url, chen, thread.id, 'hello');
    const page = await signIn();
    await page.context().grantPermissions(['notifications']);
    await settled(page, 'hello');
    const worker = await workerOf(page);
    const second = await openThread(server.url, chen, classroom.id, 'Second');
    const notice = (id: number, body: string) => ({
      title: 'A thread',
      body,
      tag: `thread ${id}`,
      path: `/c/${classroom.id}/t/${id}`,
    });
    await page.bringToFront();
    await worker.push(notice(thread.id, 'he looks at this'));
    await worker.push(notice(second.id, 'first'));
    await worker.push(notice(second.id, 'second'));
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ body, tag }) => ({ body, tag }));
      });
    await until(async () => (await shown())[0]?.body === 'second');
    expect(await shown()).toEqual([{ body: 'second', tag: `thread ${second.id}` }]);

    const [running] = page.context().serviceWorkers();
    await running?.evaluate(async () => {
      const scope = globalThis as unknown as {
        registration: { getNotifications(): Promise<object[]> };
        dispatchEvent(event: Event): void;
        NotificationEvent: new (type: string, init: object) => Event;
      };
      const [notification] = await scope.registration.getNotifications();
      scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
    });
    await page.waitForURL(`**/c/${classroom.id}/t/${second.id}`);
    expect(await shown()).toEqual([]);
  }, 120_000);
});

// The last one: the server has another client from here on.
test('a newer client comes by itself, and a page that was open meanwhile goes on', async () => {
  await postOverHttp(server.url, chen, thread.id, 'before the update');
  const page = await signIn();
  await settled(page, 'before the update');
  replaceClient(client);
  // This part of the client was not loaded before, and is there no longer under this name.
  await at(page, 'account-open').click();
  await page.locator('body[data-build="next"]').waitFor();
  await at(page, 'password-current').waitFor();
  const next = await page.context().newPage();
  await next.goto(path);
  await next.locator('body[data-build="next"]').waitFor();
  await at(next, 'message').filter({ hasText: 'before the update' }).waitFor();
  await away();
  await next.reload();
  await at(next, 'message').filter({ hasText: 'before the update' }).waitFor();
  expect(await next.locator('body[data-build="next"]').count()).toBe(1);
  await back();
}, 120_000);

/** Background Sync, which is in no library of types. */
interface Syncing {
  readonly sync: { getTags(): Promise<string[]> };
}

/** All that the server has answered over HTTP so far, as it weighs on the wire. */
async function sentBytes(): Promise<number> {
  const metrics = await metricsOf(server);
  const of = (kind: string) => metrics.get(`pokers_egress_bytes_total{kind="${kind}"}`) ?? 0;
  return of('http') + of('bulk');
}

/** What the browser itself does with a page's service worker. */
async function workerOf(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  const found = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(server.url));
      if (own) resolve(own.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await found;
  // A session that outlives the page.
  const elsewhere = await page.context().newPage();
  const lasting = await page.context().newCDPSession(elsewhere);
  await lasting.send('ServiceWorker.enable');
  await page.bringToFront();
  const origin = server.url;
  return {
    push: (notice: object) =>
      lasting.send('ServiceWorker.deliverPushMessage', {
        origin,
        registrationId,
        data: JSON.stringify(notice),
      }),
    sync: () =>
      lasting.send('ServiceWorker.dispatchSyncEvent', {
        origin,
        registrationId,
        tag: 'outbox',
        lastChance: false,
      }),
  };
}
