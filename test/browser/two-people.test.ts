import { afterAll, beforeAll, expect, test } from 'bun:test';
import { PokersClient } from '@pokers/sdk';
import type { Page } from 'playwright-core';
import { postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { takePicture, type Visitor } from './chromium.ts';
import { at, message } from './elements.ts';
import { signInOn } from './signing-in.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('browser');
let server: ServerProcess;
let visitors: Visitors;
/** The teacher, at a desk and in English; the student, on a phone and in Chinese. */
let chen: Visitor;
let ming: Visitor;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  visitors = await Visitors.to(server.url);
  chen = await visitors.come(undefined, { locale: 'en', size: 'desktop' });
  ming = await visitors.come(undefined, { locale: 'zh-CN', size: 'phone' });
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

async function signUpOn(page: Page, name: string): Promise<void> {
  await page.goto('/');
  await at(page, 'sign-up-name').fill(name);
  await at(page, 'sign-up-email').fill(`${crypto.randomUUID()}@test.example`);
  await at(page, 'sign-up-password').fill('correct horse');
  await at(page, 'sign-up-submit').click();
}

async function write(page: Page, text: string): Promise<void> {
  await at(page, 'composer').fill(text);
  await at(page, 'composer').press('Enter');
}

test('two people sign up, meet in a class by its code, and talk', async () => {
  await chen.page.goto('/');
  await at(chen.page, 'sign-up-name').waitFor();
  await takePicture(chen.page, 'sign-up-en');
  await ming.page.goto('/');
  await at(ming.page, 'sign-up-name').waitFor();
  await takePicture(ming.page, 'sign-up-zh');

  await signUpOn(chen.page, 'Ms Chen');
  await at(chen.page, 'class-create-name').fill('Class 7b 七班');
  await at(chen.page, 'class-create-submit').click();
  const code = (await at(chen.page, 'class-code').first().textContent())?.trim() ?? '';
  expect(code).toMatch(/^[A-Z0-9]{8}$/);
  await at(chen.page, 'thread-add-first').click();
  await at(chen.page, 'thread-create-name').fill('Homework 作业');
  await at(chen.page, 'thread-create-submit').click();
  await at(chen.page, 'composer').waitFor();

  await signUpOn(ming.page, '小明');
  await at(ming.page, 'class-join-code').waitFor();
  await takePicture(ming.page, 'no-class-zh');
  await at(ming.page, 'class-join-code').fill(code.toLowerCase());
  await at(ming.page, 'class-join-submit').click();
  await at(ming.page, 'thread-item').first().click();

  await write(chen.page, 'Good morning, everyone!');
  await message(ming.page, 'Good morning').waitFor();
  await write(ming.page, '老师早上好！');
  await message(chen.page, '老师早上好！').waitFor();
  await write(ming.page, 'See https://example.org/a?b=1 <b>not bold</b>');
  await message(chen.page, '<b>not bold</b>').waitFor();
  expect(await message(chen.page, 'not bold').locator('a').getAttribute('href')).toBe(
    'https://example.org/a?b=1',
  );
  // His own is a message on his page only when its answer is there.
  await message(ming.page, '<b>not bold</b>').waitFor();
  expect(await at(chen.page, 'message').count()).toBe(3);
  expect(await at(ming.page, 'message').count()).toBe(3);
  await takePicture(chen.page, 'conversation-en');
  await takePicture(ming.page, 'conversation-zh');
  expect([chen.complaints, ming.complaints]).toEqual([[], []]);
}, 60_000);

test('who reads above is not pulled down: a bubble counts what is new and jumps to it', async () => {
  for (let line = 1; line <= 30; line++) await write(chen.page, `line ${line}`);
  await message(ming.page, 'line 30').waitFor();
  const list = at(ming.page, 'message-list');
  await list.evaluate((element) => element.scrollTo({ top: 0 }));
  await ming.page.waitForTimeout(200);
  await write(chen.page, 'are you there?');
  await write(chen.page, 'hello?');
  const bubble = at(ming.page, 'new-messages');
  await bubble.filter({ hasText: '2' }).waitFor();
  await takePicture(ming.page, 'bubble-zh');
  const top = await list.evaluate((element) => element.scrollTop);
  expect(top).toBeLessThan(200);
  await bubble.click();
  await message(ming.page, 'hello?').waitFor();
  await bubble.waitFor({ state: 'hidden' });
  const below = () =>
    list.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await eventually(async () => (await below()) < 5);

  await write(chen.page, 'followed');
  await message(ming.page, 'followed').waitFor();
  await eventually(async () => (await below()) < 5);
}, 60_000);

test('while the server is down a banner says so, what is written is kept, and comes once when it is back', async () => {
  const { port } = server;
  await server.stop('SIGKILL');
  await at(chen.page, 'connection-banner').waitFor();
  await at(ming.page, 'connection-banner').waitFor();
  await write(chen.page, 'written while it was down');
  await at(chen.page, 'pending-message').filter({ hasText: 'written while' }).waitFor();
  await takePicture(chen.page, 'offline-en');
  await takePicture(ming.page, 'offline-zh');

  server = await startServerProcess(folder.path, '--port', String(port));
  await at(chen.page, 'connection-retry')
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await message(chen.page, 'written while it was down').waitFor({ timeout: 40_000 });
  await message(ming.page, 'written while it was down').waitFor({ timeout: 40_000 });
  await at(chen.page, 'connection-banner').waitFor({ state: 'hidden' });
  expect(await message(ming.page, 'written while it was down').count()).toBe(1);
  expect(await at(chen.page, 'pending-message').count()).toBe(0);
}, 120_000);

test('when the net is cut for a while, what others wrote meanwhile is there afterwards, in order', async () => {
  await ming.context.setOffline(true);
  await write(chen.page, 'missed 1');
  await write(chen.page, 'missed 2');
  await message(chen.page, 'missed 2').waitFor();
  await ming.context.setOffline(false);
  await message(ming.page, 'missed 2').waitFor({ timeout: 60_000 });
  const texts = await at(ming.page, 'message-text').allTextContents();
  expect(texts.slice(-2).map((text) => text.trim())).toEqual(['missed 1', 'missed 2']);
}, 120_000);

test('the language changes without a reload, and the choice stays', async () => {
  const { page } = ming;
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  await at(page, 'back-to-threads').click();
  await at(page, 'back-to-classes').click();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  const inChinese = await page.locator('body').textContent();
  await at(page, 'language-switch').click();
  await page.locator('html[lang=en]').waitFor();
  expect(await page.locator('body').textContent()).not.toBe(inChinese);
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
  await page.reload();
  await at(page, 'class-item').first().waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await at(page, 'language-switch').click();
}, 60_000);

test('a link to a thread opens it after signing in, and who signed out sees nothing', async () => {
  const link = chen.page.url();
  expect(link).toMatch(/\/c\/\d+\/t\/\d+$/);
  const email = `${crypto.randomUUID()}@test.example`;
  const { token } = (await (
    await request(server.url, '/api/sign-up', { body: { name: 'Lily', email, password: 'correct horse' } })
  ).json()) as { token: string };
  const code = (await at(chen.page, 'class-code').first().textContent())?.trim();
  await request(server.url, '/api/classes/join', {
    body: { code },
    headers: { authorization: `Bearer ${token}` },
  });

  const lily = await visitors.come(undefined, { scheme: 'dark' });
  await lily.page.goto(link);
  await signInOn(lily.page, email, 'wrong password');
  await at(lily.page, 'form-failure').waitFor();
  await at(lily.page, 'sign-in-password').fill('correct horse');
  await at(lily.page, 'sign-in-submit').click();
  await message(lily.page, 'missed 2').waitFor();
  await takePicture(lily.page, 'conversation-dark-en');
  await at(lily.page, 'sign-out').click();
  await at(lily.page, 'sign-in-email').waitFor();
  await lily.page.goto(link);
  await at(lily.page, 'sign-in-email').waitFor();
  expect(await at(lily.page, 'message').count()).toBe(0);
  await lily.context.close();
}, 60_000);

test('a browser, the typed client and HTTP see the same in one thread', async () => {
  const thread = Number(/\/t\/(\d+)$/.exec(chen.page.url())?.[1]);
  const hao = await signUp(server.url, 'Hao');
  const code = (await at(chen.page, 'class-code').first().textContent())?.trim();
  await request(server.url, '/api/classes/join', { as: hao, body: { code } });
  const client = new PokersClient({ url: server.url, token: hao.token });
  await client.connect();
  const channel = client.thread(thread);
  await channel.open();
  await channel.post('from the typed client');
  await message(chen.page, 'from the typed client').waitFor();
  await postOverHttp(server.url, hao, thread, 'from HTTP');
  await message(chen.page, 'from HTTP').waitFor();
  await write(chen.page, 'from the browser');
  await eventually(async () => channel.messages.at(-1)?.content === 'from the browser');
  expect(channel.messages.slice(-3).map(({ content, name }) => [content, name])).toEqual([
    ['from the typed client', 'Hao'],
    ['from HTTP', 'Hao'],
    ['from the browser', 'Ms Chen'],
  ]);
  client.close();
}, 60_000);

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 10 s');
    await Bun.sleep(50);
  }
}
