import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { NotificationsView } from '@pokers/protocol/notifications';
import type { Page } from 'playwright-core';
import { ask, foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { PushEndpoint } from '../push/push-endpoint.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('notifications');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let classroom: ClassView;
let thread: ThreadView;

beforeAll(async () => {
  const push = { delayMs: 0, spacingMs: 0, retryMs: 100, mayBeNear: true };
  server = await startServerInEnvironment({ POKERS_TEST_PUSH: JSON.stringify(push) }, folder.path);
  [chen, ming] = [await signUp(server.url, 'Ms Chen'), await signUp(server.url, '小明')];
  ({ classroom, thread } = await foundClass(server.url, chen, [ming], '七班'));
  visitors = await Visitors.to(server.url);
}, 60_000);
afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);
afterEach(async () => {
  expect(await visitors.sendAway()).toEqual([]);
});

const settings = () => ask<NotificationsView>(server.url, '/api/me/notifications', { as: ming });

/** Ming's account page. @param allows whether he has allowed notifications before */
async function account(look: Look, allows: boolean, prepare?: (page: Page) => Promise<void>): Promise<Page> {
  const { context, page } = await visitors.come(ming, { ...look, worker: true });
  if (allows) await context.grantPermissions(['notifications']);
  await prepare?.(page);
  await page.goto('/account');
  await at(page, 'notify-level').waitFor();
  return page;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error('it did not happen within 30 s');
    await Bun.sleep(50);
  }
}

for (const look of [
  { size: 'desktop', locale: 'en', scheme: 'light' },
  { size: 'phone', locale: 'zh-CN', scheme: 'dark' },
] as const) {
  test(`Ming says what he wants to hear of, and when not, on his ${look.size}`, async () => {
    const page = await account(look, true);
    await at(page, 'notify-level').selectOption('all');
    await until(async () => (await settings()).level === 'all');
    await at(page, 'notify-content').click();
    await until(async () => !(await settings()).content);
    await at(page, 'quiet-on').click();
    await at(page, 'quiet-from').fill('21:30');
    await at(page, 'quiet-from').dispatchEvent('change');
    await until(async () => (await settings()).quiet?.from === 21 * 60 + 30);
    await at(page, 'class-level').selectOption('mentions');
    await until(async () => (await settings()).classes.length === 1);
    await at(page, 'class-threads').click();
    await at(page, 'thread-level').selectOption('none');
    await until(async () => (await settings()).threads.length === 1);
    const { timeZone } = await page.evaluate(() => new Intl.DateTimeFormat().resolvedOptions());
    expect(await settings()).toMatchObject({
      level: 'all',
      content: false,
      quiet: { from: 21 * 60 + 30, until: 7 * 60, zone: timeZone },
      classes: [{ class: classroom.id, level: 'mentions' }],
      threads: [{ class: classroom.id, thread: thread.id, level: 'none' }],
    });
    await at(page, 'notifications').scrollIntoViewIfNeeded();
    await takePicture(page, `notifications-${look.size}-${look.scheme}`);
    await expectAccessible(page);

    await page.reload();
    await at(page, 'quiet-from').waitFor();
    expect(await at(page, 'quiet-from').inputValue()).toBe('21:30');
    expect(await at(page, 'notify-level').inputValue()).toBe('all');
    await at(page, 'quiet-on').click();
    await until(async () => (await settings()).quiet === undefined);
    await at(page, 'notify-content').click();
    await until(async () => (await settings()).content);
    await at(page, 'class-level').selectOption('default');
    await at(page, 'class-threads').click();
    await at(page, 'thread-level').selectOption('default');
    await until(async () => (await settings()).threads.length + (await settings()).classes.length === 0);
  }, 60_000);
}

test('Ming says it where he reads: of a thread on his desktop, of a class and its threads on his phone', async () => {
  await postOverHttp(server.url, chen, thread.id, 'hello');
  for (const look of [
    { size: 'desktop', locale: 'en', scheme: 'light' },
    { size: 'phone', locale: 'zh-CN', scheme: 'dark' },
  ] as const) {
    const { page } = await visitors.come(ming, look);
    const isPhone = look.size === 'phone';
    await page.goto(`/c/${classroom.id}${isPhone ? '' : `/t/${thread.id}`}`);
    await at(page, isPhone ? 'class-bell' : 'thread-bell').click();
    await at(page, 'thread-level').selectOption(isPhone ? 'all' : 'none');
    await until(async () => (await settings()).threads[0]?.level === (isPhone ? 'all' : 'none'));
    if (isPhone) {
      await at(page, 'class-level').selectOption('mentions');
      await until(async () => (await settings()).classes[0]?.level === 'mentions');
    }
    await takePicture(page, `bell-${look.size}-${look.scheme}`);
    await expectAccessible(page);
    await at(page, 'thread-level').selectOption('default');
    await until(async () => (await settings()).threads.length === 0);
    if (isPhone) {
      await at(page, 'class-level').selectOption('default');
      await until(async () => (await settings()).classes.length === 0);
      await at(page, 'levels-more').click();
      await at(page, 'notify-level').waitFor();
    } else {
      await page.keyboard.press('Escape');
      await at(page, 'levels').waitFor({ state: 'detached' });
      expect(await at(page, 'thread-bell').evaluate((bell) => bell === document.activeElement)).toBe(true);
    }
  }
}, 60_000);

test('Ming’s browser is asked at his click and not before, and is told of messages until he switches it off', async () => {
  const phone = new PushEndpoint((await settings()).key);
  const page = await account({ locale: 'en' }, true, (page) => standInForPushService(page, phone));
  expect(await page.evaluate(() => (globalThis as unknown as { asked?: number }).asked)).toBeUndefined();
  await at(page, 'notify-switch').click();
  await at(page, 'notify-state').filter({ hasText: 'also while Pokers is closed' }).waitFor();
  expect(await sessionsWithPush(page)).toBe(true);
  await postOverHttp(server.url, chen, thread.id, 'can you hear me?', { mentions: [ming.id] });
  expect(await phone.bodies(1)).toEqual(['Ms Chen: can you hear me?']);
  await page.reload();
  await at(page, 'notify-state').filter({ hasText: 'also while Pokers is closed' }).waitFor();

  const renewed = new PushEndpoint((await settings()).key);
  await renew(page, renewed);
  await until(async () => {
    await postOverHttp(server.url, chen, thread.id, 'and now?', { mentions: [ming.id] });
    return renewed.received.length > 0;
  });
  expect(renewed.faults).toEqual([]);
  await renewed.close();

  await at(page, 'notify-switch').click();
  await at(page, 'notify-state').filter({ hasText: 'does not tell you' }).waitFor();
  expect(await sessionsWithPush(page)).toBe(false);
  expect(phone.faults).toEqual([]);
  await phone.close();
}, 60_000);

test('where the browser’s push service is out of reach, or he has forbidden it, he is told so', async () => {
  const out = await account({ locale: 'zh-CN' }, true, async (page) => {
    await page.addInitScript(() => {
      PushManager.prototype.subscribe = () =>
        Promise.reject(new DOMException('Registration failed - push service error', 'AbortError'));
    });
  });
  await at(out, 'notify-switch').click();
  await at(out, 'notify-state').filter({ hasText: '无法连接浏览器的推送服务' }).waitFor();
  const forbidden = await account({ locale: 'en' }, false, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(Notification, 'permission', { value: 'denied' });
    });
  });
  await at(forbidden, 'notify-state').filter({ hasText: 'You have forbidden notifications' }).waitFor();
  expect(await at(forbidden, 'notify-switch').count()).toBe(0);
}, 60_000);

test('then an open page tells of its thread while nobody sees it', async () => {
  const body = { level: 'mentions', content: true };
  await ask(server.url, '/api/me/notifications', { as: ming, method: 'PUT', body });
  const page = await account({ locale: 'en' }, true, async (page) => {
    await page.addInitScript(() => {
      PushManager.prototype.subscribe = () =>
        Promise.reject(new DOMException('Registration failed - push service error', 'AbortError'));
      const state = globalThis as unknown as { hidden?: boolean };
      Object.defineProperty(document, 'visibilityState', {
        get: () => (state.hidden ? 'hidden' : 'visible'),
      });
    });
  });
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      (globalThis as unknown as { hidden?: boolean }).hidden = hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
    });
  await at(page, 'notify-switch').click();
  await at(page, 'notify-state').filter({ hasText: 'only while Pokers is open in a tab' }).waitFor();
  // What tells of messages is loaded after all that one waits for.
  await page.goto(`/c/${classroom.id}/t/${thread.id}`, { waitUntil: 'networkidle' });
  const said = (text: string) => page.getByTestId('message').filter({ hasText: text }).last();
  await postOverHttp(server.url, chen, thread.id, 'seen', { mentions: [ming.id] });
  await said('seen').waitFor();
  await hide(true);
  await postOverHttp(server.url, chen, thread.id, 'for nobody in particular');
  await postOverHttp(server.url, chen, thread.id, 'for Ming', { mentions: [ming.id] });
  await until(async () => (await shown()).length > 0);
  expect(await shown()).toEqual(['A thread: Ms Chen: for Ming']);
}, 60_000);

/** Whether the session of this page has a subscription at the server. */
function sessionsWithPush(page: Page): Promise<boolean> {
  return page.evaluate(async () => (await (await fetch('/api/me/notifications')).json()).subscribed);
}

/** The browser has ended its subscription, and gets another one at the same service. */
async function renew(page: Page, { url, keys }: PushEndpoint): Promise<void> {
  const [worker] = page.context().serviceWorkers();
  await worker?.evaluate(
    ({ url, keys }) => {
      PushManager.prototype.subscribe = async () =>
        ({ toJSON: () => ({ endpoint: url, keys }) }) as unknown as PushSubscription;
      dispatchEvent(new Event('pushsubscriptionchange'));
    },
    { url, keys },
  );
}

/** Chromium's own push service is on the internet: in its place there is one of the test's own. */
async function standInForPushService(page: Page, { url, keys }: PushEndpoint): Promise<void> {
  await page.addInitScript(
    ({ url, keys }) => {
      const seen = globalThis as unknown as { asked?: number };
      const subscription = {
        endpoint: url,
        toJSON: () => ({ endpoint: url, keys }),
        unsubscribe: async () => localStorage.removeItem('test.push') === undefined,
      } as unknown as PushSubscription;
      const ask = Notification.requestPermission.bind(Notification);
      Notification.requestPermission = () => {
        seen.asked = (seen.asked ?? 0) + 1;
        return ask();
      };
      PushManager.prototype.subscribe = async (options) => {
        const key = options?.applicationServerKey as Uint8Array;
        if (!options?.userVisibleOnly || key.byteLength !== 65) throw new Error('not a key on P-256');
        localStorage.setItem('test.push', 'on');
        return subscription;
      };
      PushManager.prototype.getSubscription = async () =>
        localStorage.getItem('test.push') ? subscription : null;
    },
    { url, keys },
  );
}
