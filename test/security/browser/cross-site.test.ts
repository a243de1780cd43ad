import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Server } from 'bun';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { metricsOf } from '../../actors/metrics.ts';
import { ask, foundClass, type Person, postOverHttp, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { openChromium } from '../../browser/chromium.ts';

const folder = temporaryFolder('cross-site');
let server: ServerProcess;
let browser: Browser;
/** Serves a bare page; where it is opened as `localhost` it is of the same site as ours, so our cookie goes along. */
let elsewhere: Server<undefined>;
/** What came with the requests to it that could have made a change. Cookies do not look at ports. */
const cookies: (string | null)[] = [];
let ming: Person;
let thread: number;
let context: BrowserContext;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  elsewhere = Bun.serve({
    port: 0,
    hostname: 'localhost',
    fetch(request) {
      if (request.method === 'POST') cookies.push(request.headers.get('cookie'));
      return new Response('<!doctype html><title>Evil</title>', { headers: { 'content-type': 'text/html' } });
    },
  });
  browser = await openChromium();
  ming = await signUp(server.url, 'Ming');
  thread = (await foundClass(server.url, ming, [])).thread.id;
  await postOverHttp(server.url, ming, thread, 'hers');
  context = await browser.newContext();
  const [name = '', value = ''] = ming.cookie.split('=');
  await context.addCookies([
    {
      name,
      value,
      url: server.url,
      httpOnly: true,
      sameSite: 'Lax',
    },
  ]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await elsewhere.stop(true);
  await server.stop();
  folder.remove();
}, 60_000);

/** All that Ming could see changed. */
async function stateOf(person: Person): Promise<unknown> {
  const as = person;
  return [
    await ask(server.url, '/api/me', { as }),
    await ask(server.url, '/api/classes', { as }),
    await ask(server.url, `/api/threads/${thread}/messages`, { as }),
  ];
}

async function evilPage(host: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`http://${host}:${elsewhere.port}/`);
  return page;
}

test('the cookie of the test is a good one', async () => {
  const page = await context.newPage();
  await page.goto(`${server.url}/healthz`);
  expect(await page.evaluate(async () => (await fetch('/api/me')).status)).toBe(200);
  await page.close();
});

describe.each(['localhost', '127.0.0.1'])('a page of another site, on %s,', (host) => {
  test('has her cookie sent along where it is of our site', async () => {
    const page = await evilPage(host);
    await page.evaluate(
      (url) => fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }),
      `http://localhost:${elsewhere.port}/`,
    );
    expect(cookies.pop()).toBe(host === 'localhost' ? ming.cookie : null);
    await page.close();
  });

  test('makes no change by fetch, whatever it calls the body', async () => {
    const before = await stateOf(ming);
    const page = await evilPage(host);
    const outcomes = await page.evaluate(
      async ([url, id]) => {
        const body = '{"name":"Evil","content":"evil"}';
        const attempt = async (path: string, init: RequestInit): Promise<string> => {
          try {
            const { type } = await fetch(`${url}${path}`, {
              method: 'POST',
              credentials: 'include',
              body,
              ...init,
            });
            return type;
          } catch {
            return 'refused';
          }
        };
        const json = { 'content-type': 'application/json' };
        return [
          await attempt('/api/classes', { mode: 'no-cors' }),
          await attempt('/api/classes', { mode: 'no-cors', headers: { 'content-type': 'text/plain' } }),
          await attempt('/api/classes', { mode: 'no-cors', headers: json }),
          await attempt(`/api/threads/${id}/messages`, { mode: 'no-cors', headers: json }),
          await attempt('/api/sign-out', { mode: 'no-cors', body: null }),
          await attempt('/api/classes', { headers: json }),
          await attempt('/api/classes', { headers: { 'content-type': 'text/plain' } }),
          await attempt('/api/me', { method: 'PATCH', headers: json }),
          await attempt('/api/me/sessions', { method: 'DELETE', body: null }),
          await attempt('/api/me', { method: 'GET', body: null }),
        ];
      },
      [server.url, thread] as const,
    );
    expect(outcomes.filter((outcome) => outcome === 'basic' || outcome === 'cors')).toEqual([]);
    expect(await stateOf(ming)).toEqual(before);
    await page.close();
  });

  test('makes no change by forms, beacons and pictures', async () => {
    const before = await stateOf(ming);
    const page = await evilPage(host);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answered = page.waitForResponse(`${server.url}/api/classes`);
      await page.evaluate(
        ([url, enctype]) => {
          const frame = Object.assign(document.createElement('iframe'), { name: `frame of ${enctype}` });
          const form = document.createElement('form');
          Object.assign(form, { method: 'post', enctype, action: `${url}/api/classes`, target: frame.name });
          form.append(
            Object.assign(document.createElement('input'), { name: '{"name":"Evil","a":"', value: '"}' }),
          );
          document.body.append(frame, form);
          form.submit();
        },
        [server.url, type] as const,
      );
      expect([type, (await answered).status()]).toEqual([type, 403]);
    }
    const beacon = page.waitForEvent('request', (request) => request.url().endsWith('?beacon'));
    const picture = page.waitForEvent('request', (request) => request.url().endsWith('?picture'));
    await page.evaluate((url) => {
      navigator.sendBeacon(
        `${url}/api/classes?beacon`,
        new Blob(['{"name":"Evil"}'], { type: 'text/plain' }),
      );
      document.body.append(Object.assign(new Image(), { src: `${url}/api/classes?picture` }));
    }, server.url);
    const statuses = [await (await beacon).response(), await (await picture).response()];
    expect(statuses.map((response) => response?.status() ?? 403)).toEqual([403, 403]);
    expect(await stateOf(ming)).toEqual(before);
    await page.close();
  });

  test('opens no socket of either dialect', async () => {
    const page = await evilPage(host);
    const outcomes = await page.evaluate((url) => {
      const open = (protocols: string[]): Promise<string> =>
        new Promise((resolve) => {
          const socket = new WebSocket(url, protocols);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        });
      return Promise.all([open(['pokers.v2']), open([])]);
    }, server.socketUrl);
    expect(outcomes).toEqual(['refused', 'refused']);
    const metrics = await metricsOf(server);
    expect(metrics.get('pokers_connections{dialect="v2"}')).toBe(0);
    expect(metrics.get('pokers_connections{dialect="classic"}')).toBe(0);
    await page.close();
  });

  test('can neither frame our page nor look into its window', async () => {
    const page = await evilPage(host);
    const seen = await page.evaluate(async (url) => {
      const frame = Object.assign(document.createElement('iframe'), { src: url });
      const loaded = new Promise((resolve) => {
        frame.onload = resolve;
      });
      document.body.append(frame);
      await loaded;
      return frame.contentDocument === null;
    }, server.url);
    expect(seen).toBe(true); // the browser's own error page has taken its place
    const framed = page.frames().find((frame) => frame.url().startsWith(server.url));
    expect(framed).toBeUndefined();
    const opening = context.waitForEvent('page');
    await page.evaluate((url) => {
      Object.assign(globalThis, { opened: window.open(url) });
    }, server.url);
    const ours = await opening;
    await ours.waitForLoadState();
    const isCut = await page.evaluate(() => (globalThis as unknown as { opened: Window }).opened.closed);
    expect(isCut).toBe(true);
    await ours.close();
    await page.close();
  });
});
