import { afterAll, beforeAll, expect, test } from 'bun:test';
import { TOTP } from 'otpauth';
import { type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { takePicture, type Visitor } from './chromium.ts';
import { at } from './elements.ts';
import { signInOn } from './signing-in.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('account-pages');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
/** The head of the server at a desk; a student on a phone, in Chinese and in the dark. */
let desk: Visitor;
let phone: Visitor;
/** Ming's codes; the first is used when he signs in elsewhere. */
let recovery: string[] = [];
const recoveryLeft = (): string => recovery[1] ?? '';

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '小明');
  visitors = await Visitors.to(server.url);
  desk = await visitors.come(undefined, { locale: 'en', size: 'desktop' });
  phone = await visitors.come(undefined, { locale: 'zh-CN', size: 'phone', scheme: 'dark' });
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

test('Ming signs in by his name, changes his password, and his other session ends', async () => {
  const { page } = phone;
  await page.goto('/');
  await signInOn(page, '小明', ming.password);
  await at(page, 'class-join-code').waitFor();
  await page.goto('/account');
  await at(page, 'password-current').waitFor();
  await takePicture(page, 'account-phone-dark-zh');
  expect((await request(server.url, '/api/me', { as: ming })).status).toBe(200);
  await at(page, 'password-current').fill(ming.password);
  await at(page, 'password-new').fill('another long password');
  await at(page, 'password-change').click();
  await at(page, 'password-saved').filter({ hasText: '已保存' }).waitFor();
  expect((await request(server.url, '/api/me', { as: ming })).status).toBe(401);
});

test('he sets up a second factor, and signs in with its code', async () => {
  const { page } = phone;
  await at(page, 'factor-password').fill('another long password');
  await at(page, 'factor-switch').click();
  const secret = (await at(page, 'factor-key').textContent()) ?? '';
  await takePicture(page, 'second-factor-phone-dark-zh');
  const app = new TOTP({ secret: secret.replaceAll(' ', '') });
  await at(page, 'factor-code').fill(app.generate());
  await at(page, 'factor-confirm').click();
  recovery = (await at(page, 'factor-recovery').textContent())?.split('\n') ?? [];
  expect(recovery.length).toBeGreaterThan(4);

  const other = await visitors.come(undefined, { locale: 'en', size: 'phone' });
  await other.page.goto('/');
  await signInOn(other.page, '小明', 'another long password');
  await at(other.page, 'sign-in-code').fill(recovery[0] ?? '');
  await at(other.page, 'sign-in-submit').click();
  await at(other.page, 'class-join-code').waitFor();
  await other.context.close();
});

test('he makes a token for a bot, which works until he revokes it', async () => {
  const { page } = phone;
  await at(page, 'token-name').fill('bot');
  await at(page, 'token-make').click();
  const token = (await at(page, 'token-made').textContent())?.trim() ?? '';
  const asBot = () =>
    fetch(`${server.url}/api/classes`, { headers: { authorization: `Bearer ${token}` } }).then(
      ({ status }) => status,
    );
  expect(await asBot()).toBe(200);
  await at(page, 'token-revoke').click();
  await at(page, 'token-list').waitFor({ state: 'detached' });
  expect(await asBot()).toBe(401);
});

test('the account and server pages keep nobody out, in the light and in the dark', async () => {
  const head = await visitors.come(undefined, { locale: 'zh-CN', size: 'phone' });
  await head.page.goto('/');
  await at(head.page, 'switch-to-sign-in').waitFor();
  await expectAccessible(head.page);
  await head.page.goto('/');
  await signInOn(head.page, chen.email, chen.password);
  await at(head.page, 'account-open').or(at(head.page, 'class-create-name')).first().waitFor();
  for (const [page, path, id] of [
    [phone.page, '/account', 'password-current'],
    [head.page, '/server', 'server-save'],
    [head.page, '/account', 'password-current'],
  ] as const) {
    await page.goto(path);
    await at(page, id).waitFor();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }
  await head.page.goto('/server');
  await at(head.page, 'server-audit').filter({ hasText: '登录了' }).waitFor();
  await takePicture(head.page, 'server-phone-dark-zh');
  await head.context.close();
  await phone.page.emulateMedia({ colorScheme: 'dark' });
}, 60_000);

test('where a session cannot be ended, he reads why', async () => {
  const { page } = phone;
  const again = { email: '小明', password: 'another long password', code: recoveryLeft() };
  await request(server.url, '/api/sign-in', { body: again });
  await page.goto('/account');
  await at(page, 'session-end').first().waitFor();
  await page.route('**/api/me/sessions/*', (route) => route.abort());
  await at(page, 'session-end').first().click();
  await at(page, 'session-list').locator('xpath=..').getByRole('alert').filter({ hasText: /./ }).waitFor();
  await page.unroute('**/api/me/sessions/*');
});

test('the head of the server disables Ming, who is out at once; her page has people, settings and the log', async () => {
  const { page } = desk;
  await page.goto('/');
  await signInOn(page, chen.email, chen.password);
  await at(page, 'account-open').or(at(page, 'class-create-name')).first().waitFor();
  await page.goto('/server');
  await at(page, 'server-save').waitFor();
  await at(page, 'people-search').fill('小明');
  await at(page, 'people-list').getByText('小明').waitFor();
  await at(page, 'person-disable').click();
  await at(page, 'ask-yes').click();
  await at(page, 'person-enable').waitFor();
  await takePicture(page, 'server-desktop-en');
  await phone.page.goto('/');
  await at(phone.page, 'switch-to-sign-in').waitFor();
  await at(page, 'server-audit').waitFor();
});

test('a link of hers leads to a page for a new password', async () => {
  const { page } = desk;
  await at(page, 'person-enable').click();
  await at(page, 'person-reset').click();
  const link = (await at(page, 'people-shown').textContent())?.trim() ?? '';
  await phone.page.goto(new URL(link).pathname);
  await at(phone.page, 'reset-password').fill('a third long password');
  await takePicture(phone.page, 'reset-phone-dark-zh');
  await at(phone.page, 'reset-submit').click();
  await at(phone.page, 'reset-done').waitFor();
  expect(desk.complaints).toEqual([]);
  expect(phone.complaints).toEqual([]);
});
