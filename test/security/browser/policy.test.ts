import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { servedAsFile } from '@pokers/server/doors/http/served-as-file';
import type { Server } from 'bun';
import type { Browser } from 'playwright-core';
import { foundClass, postOverHttp, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { openChromium, openPage, type Visitor } from '../../browser/chromium.ts';
import { makeCertificate } from '../certificates.ts';

const folder = temporaryFolder('policy');
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  browser = await openChromium();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await server.stop();
  folder.remove();
}, 60_000);

/** What the browser refused because of the policy, as its console says it. */
function refusalsOn({ page }: Visitor): string[] {
  const refusals: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Permissions-Policy|violates/i.test(message.text()))
      refusals.push(message.text());
  });
  return refusals;
}

test('Ming signs in, reads and writes under the policy, and the browser has nothing to complain of', async () => {
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  await postOverHttp(server.url, ming, thread.id, 'good morning');
  const visitor = await openPage(browser, server.url);
  const refusals = refusalsOn(visitor);
  const { page, complaints } = visitor;
  await page.goto('/');
  await page.getByTestId('switch-to-sign-in').click();
  await page.getByTestId('sign-in-email').fill(ming.email);
  await page.getByTestId('sign-in-password').fill(ming.password);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('class-item').first().click();
  await page.getByTestId('thread-item').first().click();
  await page.getByTestId('message').filter({ hasText: 'good morning' }).waitFor();
  await page.getByTestId('composer').fill('and to you');
  await page.getByTestId('composer').press('Enter');
  await page.getByTestId('message').filter({ hasText: 'and to you' }).waitFor();
  expect([refusals, complaints]).toEqual([[], []]);
  await visitor.context.close();
});

test('a script or style that got into the page does not run', async () => {
  const visitor = await openPage(browser, server.url);
  const refusals = refusalsOn(visitor);
  await visitor.page.goto('/');
  const outcome = await visitor.page.evaluate(async () => {
    const holder = document.createElement('div');
    holder.innerHTML =
      '<img src="/missing.png" onerror="window.ran=1"><p style="color:red" id="styled">x</p>';
    const script = Object.assign(document.createElement('script'), { textContent: 'window.ran = 2' });
    const base = Object.assign(document.createElement('base'), { href: 'https://evil.example/' });
    document.body.append(holder, script, base);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return {
      ran: 'ran' in window,
      colour: getComputedStyle(document.getElementById('styled') ?? holder).color,
      base: document.baseURI,
    };
  });
  expect(outcome.ran).toBe(false);
  expect(outcome.colour).not.toBe('rgb(255, 0, 0)');
  expect(outcome.base).toStartWith(server.url);
  expect(refusals.length).toBeGreaterThanOrEqual(3);
  await visitor.context.close();
});

test('the page and its socket work over TLS', async () => {
  const { cert, key } = await makeCertificate(folder.path, 'page');
  const secure = await startServerProcess(join(folder.path, 'secure'), '--tls-cert', cert, '--tls-key', key);
  const context = await browser.newContext({ baseURL: secure.url, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const connected = page.waitForEvent('websocket', (socket) => socket.url().startsWith('wss:'));
  await page.goto('/');
  await page.getByTestId('sign-up-name').fill('Ming');
  await page.getByTestId('sign-up-email').fill('ming@test.example');
  await page.getByTestId('sign-up-password').fill('correct horse');
  await page.getByTestId('sign-up-submit').click();
  await (await connected).waitForEvent('framereceived');
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).toContain('pokers.session_token');
  for (const cookie of cookies) expect(cookie).toMatchObject({ secure: true, httpOnly: true });
  await context.close();
  await secure.stop();
});

const SCRIPT = '<script>document.title = "ran"; parent.postMessage("ran", "*")</script>';
const PNG = Uint8Array.fromBase64(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
);

/** What someone uploads: what they call it, and what it is. */
const UPLOADS: Record<string, [type: string, content: string | Uint8Array<ArrayBuffer>]> = {
  html: ['text/html', `<!doctype html>${SCRIPT}`],
  xhtml: ['application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml">${SCRIPT}</html>`],
  xml: [
    'text/xml',
    `<x:script xmlns:x="http://www.w3.org/1999/xhtml">parent.postMessage("ran", "*")</x:script>`,
  ],
  svg: [
    'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg"><script>parent.postMessage("ran", "*")</script></svg>`,
  ],
  pdf: ['application/pdf', '%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n'],
  script: ['text/javascript', 'window.ran = true'],
  'html called png': ['image/png', `<!doctype html>${SCRIPT}`],
  'script called png': ['image/png', 'window.ran = true'],
  'gif that is a script': ['image/gif', 'GIF89a/*\u0001\u0001*/=1;window.ran = true'],
  'png that is html': ['image/png', new Uint8Array([...PNG, ...new TextEncoder().encode(SCRIPT)])],
  'html with a charset': [
    'text/html; charset=utf-7',
    '+ADw-script+AD4-parent.postMessage(1)+ADw-/script+AD4-',
  ],
  nothing: ['', `<!doctype html>${SCRIPT}`],
};

test('nothing that people upload runs, opened by itself, in a frame or as a script; pictures show', async () => {
  const files: Server<undefined> = Bun.serve({
    port: 0,
    hostname: 'localhost',
    fetch(request) {
      const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
      const upload = UPLOADS[name];
      if (upload) return new Response(upload[1], { headers: servedAsFile(upload[0], name) });
      if (name === 'picture') return new Response(PNG, { headers: servedAsFile('image/png', name) });
      return new Response('<!doctype html><title>Ours</title>', { headers: { 'content-type': 'text/html' } });
    },
  });
  const url = `http://localhost:${files.port}`;
  const visitor = await openPage(browser, url);
  const { page } = visitor;
  for (const name of Object.keys(UPLOADS)) {
    await page.goto('/').catch(() => undefined);
    await page.goto(`/${encodeURIComponent(name)}`).catch(() => undefined); // a download ends a navigation
    expect([name, await page.title()]).not.toEqual([name, 'ran']);
  }
  await page.goto('/');
  const ran = await page.evaluate(async (names) => {
    const heard: string[] = [];
    window.onmessage = ({ data }) => heard.push(String(data));
    for (const name of names) {
      const src = `/${encodeURIComponent(name)}`;
      const script = document.createElement('script');
      const tried = new Promise((resolve) => {
        script.onload = resolve;
        script.onerror = resolve;
      });
      document.body.append(
        Object.assign(script, { src }),
        Object.assign(document.createElement('iframe'), { src }),
        Object.assign(document.createElement('object'), { data: src }),
        Object.assign(document.createElement('embed'), { src }),
      );
      await tried;
      if ('ran' in window) heard.push(name);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return heard;
  }, Object.keys(UPLOADS));
  expect(ran).toEqual([]);
  const width = await page.evaluate(async () => {
    const picture = Object.assign(new Image(), { src: '/picture' });
    await picture.decode();
    return picture.naturalWidth;
  });
  expect(width).toBe(1);
  await page.goto('/picture');
  expect(await page.evaluate(() => document.images[0]?.naturalWidth)).toBe(1);
  await visitor.context.close();
  await files.stop(true);
});
