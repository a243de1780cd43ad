import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, InvitationView, ThreadView } from '@pokers/protocol/classes';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import type { Page } from 'playwright-core';
import { ask, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('class-pages');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let li: Person;
let ming: Person;
let lily: Person;
let classroom: ClassView;
let thread: ThreadView;
let head: Page;

const pageOf = (name: string): string => `/c/${classroom.id}/${name}`;

const visit = async (who: Person | undefined, look: Look = {}): Promise<Page> =>
  (await visitors.come(who, look)).page;

const invite = (body: object): Promise<InvitationView> =>
  ask(server.url, `/api/classes/${classroom.id}/invitations`, { as: chen, body });
const join7b = (as: Person): Promise<ClassView> =>
  ask(server.url, '/api/classes/join', { as, body: { code: classroom.code } });
const item = (page: Page, who: Person) => at(page, 'member-list').locator(`[data-user-id="${who.id}"]`);

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [chen, li, ming, lily] = [
    await signUp(server.url, 'Ms Chen'),
    await signUp(server.url, 'Mr Li'),
    await signUp(server.url, '小明'),
    await signUp(server.url, 'Lily'),
  ];
  classroom = await ask(server.url, '/api/classes', { as: chen, body: { name: 'Class 7b 七班' } });
  for (const as of [li, ming, lily]) await join7b(as);
  await ask(server.url, `/api/classes/${classroom.id}/members/${li.id}`, {
    as: chen,
    method: 'PATCH',
    body: { role: 'teacher' },
  });
  const open = (as: Person, name: string): Promise<ThreadView> =>
    ask(server.url, `/api/classes/${classroom.id}/threads`, { as, body: { name } });
  thread = await open(ming, 'Trip to the lake 去湖边');
  await open(chen, 'Homework 作业');
  visitors = await Visitors.to(server.url);
  head = await visit(chen);
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

test('Ms Chen finds Lily by name, bans her after being asked, and lifts the ban', async () => {
  await head.goto(pageOf('members'));
  await item(head, ming).waitFor();
  await at(head, 'member-search').fill('lil');
  await item(head, ming).waitFor({ state: 'detached' });
  await item(head, lily).getByTestId('member-ban').click();
  await expectAccessible(head);
  await at(head, 'ask-no').click();
  await item(head, lily).getByTestId('member-ban').click();
  await at(head, 'ask-yes').click();
  await at(head, 'ban-lift').waitFor();
  await at(head, 'member-search').fill('');
  await takePicture(head, 'bans-desktop-en');
  await at(head, 'ban-lift').click();
  await at(head, 'ban-list').waitFor({ state: 'detached' });
  await join7b(lily);
  await item(head, lily).waitFor();
}, 60_000);

test('Mr Li, a teacher, is offered what reaches students, and not the head', async () => {
  const page = await visit(li);
  await page.goto(pageOf('members'));
  await item(page, ming).getByTestId('member-role').waitFor();
  expect(await item(page, chen).getByTestId('member-remove').count()).toBe(0);
  const roles = await item(page, ming).getByTestId('member-role').locator('option').allTextContents();
  expect(roles).toEqual(['Student', 'Guest']);
  expect(await at(page, 'class-page-audit').count()).toBe(0);
}, 60_000);

test('Ming renames the thread that he made, and is offered nothing about the others', async () => {
  const page = await visit(ming, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });
  await page.goto(pageOf('threads'));
  await at(page, 'thread-rename').waitFor();
  expect(await at(page, 'thread-rename').count()).toBe(1);
  expect(await at(page, 'thread-delete').count()).toBe(0);
  await at(page, 'thread-rename').click();
  await at(page, 'ask-field').fill('Trip to the hills 去爬山');
  await takePicture(page, 'ask-phone-dark-zh');
  await at(page, 'ask-yes').click();
  await at(page, 'class-threads').filter({ hasText: '去爬山' }).waitFor();
  await takePicture(page, 'own-threads-phone-dark-zh');
}, 60_000);

test('pinned and read-only threads are marked, archived ones folded', async () => {
  await ask(server.url, `/api/threads/${thread.id}`, { as: chen, method: 'PATCH', body: { archived: true } });
  await head.goto(pageOf('threads'));
  await at(head, 'thread-pin').last().waitFor();
  await at(head, 'thread-pin').first().click();
  await at(head, 'thread-lock').first().click();
  await head.goto(`/c/${classroom.id}`);
  await at(head, 'threads-archived').waitFor();
  await head.getByText('Pinned').waitFor({ state: 'attached' });
  expect(await head.locator(`[data-thread-id="${thread.id}"]`).isVisible()).toBe(false);
  await at(head, 'threads-archived').click();
  await head.locator(`[data-thread-id="${thread.id}"]`).click();
  await at(head, 'barrier').filter({ hasText: 'archived' }).waitFor();
  await takePicture(head, 'threads-marked-desktop-en');
  await expectAccessible(head);
  await at(head, 'thread-add').click();
  await at(head, 'thread-create-name').waitFor();
  await expectAccessible(head);
  await head.emulateMedia({ colorScheme: 'light' });
}, 60_000);

test('a picture is made small before it is sent, and a file that is none is refused', async () => {
  await head.goto(pageOf('settings'));
  await at(head, 'class-picture').setInputFiles({
    name: 'picture.png',
    mimeType: 'image/png',
    buffer: await head.screenshot(),
  });
  await at(head, 'class-picture-remove').waitFor();
  const [{ picture = '' } = {}] = (
    await ask<{ classes: ClassView[] }>(server.url, '/api/classes', { as: chen })
  ).classes;
  const answer = await fetch(server.url + picture, { headers: { cookie: chen.cookie } });
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect((await answer.arrayBuffer()).byteLength).toBeLessThan(64 * 1024);
  await at(head, 'class-picture').setInputFiles({
    name: 'no-picture.png',
    mimeType: 'image/png',
    buffer: Buffer.from('this is a text'),
  });
  await at(head, 'form-failure')
    .filter({ hasText: /PNG, JPEG or WebP/ })
    .waitFor();
}, 60_000);

test('with approval, Omar asks, the head sees it come, and lets him in', async () => {
  const omar = await signUp(server.url, 'Omar');
  await head.goto(pageOf('settings'));
  await at(head, 'class-joining').selectOption('approval');
  await at(head, 'class-save').click();
  await head.getByText('Saved.').waitFor();
  await head.goto(`/c/${classroom.id}`);
  const page = await visit(omar, { size: 'phone', locale: 'zh-CN' });
  await page.goto('/');
  await at(page, 'class-join-code').fill(classroom.code ?? '');
  await at(page, 'class-join-submit').click();
  await at(page, 'class-asked').filter({ hasText: '批准后' }).waitFor();
  await takePicture(page, 'asked-phone-zh');
  await expectAccessible(page);
  await at(head, 'requests').click();
  await at(head, 'request-accept').waitFor();
  await takePicture(head, 'requests-desktop-en');
  await at(head, 'request-accept').click();
  await at(head, 'request-accept').waitFor({ state: 'detached' });
  await at(page, 'class-item').waitFor();
  await head.goto(pageOf('members'));
  await item(head, omar).waitFor();
}, 60_000);

test('a list in GB 18030 is shown as a table, with the earlier line of a doubled e-mail', async () => {
  await head.goto(pageOf('members'));
  const lines = (second: string): Buffer =>
    Buffer.from([
      ...Buffer.from('name,email\n'),
      0xcd,
      0xf5,
      0xc3,
      0xf7,
      ...Buffer.from(`,wang@test.example\n${second}`),
    ]);
  const choose = (buffer: Buffer): Promise<void> =>
    at(head, 'people-file').setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer });
  await choose(lines('Zhao,wang@test.example\n'));
  await at(head, 'people-look').click();
  await at(head, 'people-problems').filter({ hasText: 'It is in line 2 too.' }).waitFor();
  await choose(lines('Zhao,zhao@test.example\n'));
  await at(head, 'people-look').click();
  await at(head, 'people-preview').filter({ hasText: '王明' }).waitFor();
  await takePicture(head, 'people-preview-desktop-en');
  await at(head, 'people-submit').click();
  await at(head, 'people-added').filter({ hasText: '王明' }).waitFor();
}, 60_000);

test('on paper is a card for each, with a code, and nothing else', async () => {
  // The codes are there only while it prints.
  await head.evaluate(() => {
    window.print = () => {
      const note = document.createElement('p');
      note.dataset.testid = 'sent-to-paper';
      note.textContent = `${document.querySelectorAll('.qr').length} codes`;
      document.body.append(note);
    };
  });
  await at(head, 'people-print').click();
  await at(head, 'sent-to-paper').filter({ hasText: '2 codes' }).waitFor();
  await head.emulateMedia({ media: 'print' });
  expect(await at(head, 'member-list').isVisible()).toBe(false);
  expect(await at(head, 'people-print').isVisible()).toBe(false);
  expect(await at(head, 'class-page-members').isVisible()).toBe(false);
  expect(await at(head, 'people-added').isVisible()).toBe(true);
  await takePicture(head, 'people-cards-paper');
  await head.emulateMedia({ media: 'screen' });
}, 60_000);

test('links that are no good say so; a good one lets in whoever has an account', async () => {
  const db = new Database(databaseFile(folder.path));
  const expired = await invite({ days: 1 });
  db.run('update invitations set expires = 1 where id = ?', [expired.id]);
  db.close();
  const revoked = await invite({});
  await ask(server.url, `/api/invitations/${revoked.id}`, { as: chen, method: 'DELETE' });
  const good = await invite({ role: 'guest', uses: 1 });
  const phone = await visit(undefined, { size: 'phone', locale: 'zh-CN' });
  for (const [token, words] of [
    [expired.token, '已过期'],
    [revoked.token, '已被撤回'],
    ['made-up', '没有这个邀请'],
  ] as const) {
    await phone.goto(`/i/${token}`);
    await at(phone, 'invitation-failed').filter({ hasText: words }).waitFor();
  }
  await takePicture(phone, 'invitation-failed-phone-zh');
  await expectAccessible(phone);

  const grandma = await signUp(server.url, 'Grandma');
  await phone.emulateMedia({ colorScheme: 'light' });
  await phone.goto(`/i/${good.token}`);
  await at(phone, 'invitation-known').check();
  await expectAccessible(phone);
  await at(phone, 'invitation-email').fill(grandma.email);
  await at(phone, 'invitation-password').fill(grandma.password);
  await at(phone, 'invitation-join').click();
  await at(phone, 'thread-item').first().click();
  await at(phone, 'barrier').waitFor();
  await phone.goto(`/i/${good.token}`);
  await at(phone, 'invitation-failed').filter({ hasText: '已用完' }).waitFor();
}, 60_000);

test('every page keeps nobody out, in the light and in the dark, on a desktop and on a phone', async () => {
  await invite({});
  const phone = await visit(chen, { size: 'phone', locale: 'zh-CN' });
  for (const [page, size] of [
    [head, 'desktop-en'],
    [phone, 'phone-zh'],
  ] as const) {
    for (const name of ['members', 'threads', 'invitations', 'requests', 'settings', 'audit']) {
      await page.goto(pageOf(name));
      await at(page, `class-page-${name}`).waitFor();
      await page.waitForLoadState('networkidle');
      if (name === 'invitations') {
        await at(page, 'invitation-qr').first().click();
        await page.locator('.qr').waitFor();
      }
      await expectAccessible(page);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await takePicture(page, `class-${name}-${size}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      await takePicture(page, `class-${name}-${size}-light`);
    }
  }
}, 120_000);

test('she hands the class over to Mr Li, and is a teacher in it', async () => {
  await head.goto(pageOf('settings'));
  await at(head, 'class-heir').selectOption({ label: 'Mr Li' });
  await at(head, 'class-hand-over').click();
  await at(head, 'ask-yes').click();
  await at(head, 'class-page-audit').waitFor({ state: 'detached' });
  expect(await at(head, 'class-hand-over').count()).toBe(0);
  expect(visitors.complaints).toEqual([]);
}, 60_000);

test('where the heads of the server make the classes, Ming is told so, and Mr Li can give first passwords', async () => {
  const set = (create_classes: string) =>
    ask(server.url, '/api/server/settings', { as: chen, method: 'PATCH', body: { create_classes } });
  const his = await visit(li);
  await his.goto(pageOf('members'));
  await at(his, 'people-look').waitFor();
  await his.waitForLoadState('networkidle');
  expect(await at(his, 'people-give').count()).toBe(0);
  await set('head');
  await his.reload();
  await at(his, 'people-give').waitFor();

  const phone = await visit(ming, { size: 'phone', locale: 'zh-CN' });
  await phone.goto('/');
  await at(phone, 'class-add').click();
  await phone.getByText('班级由服务器负责人创建').waitFor();
  expect(await at(phone, 'class-create-form').count()).toBe(0);
  await takePicture(phone, 'class-add-heads-only-phone-zh');
  await set('all');
  await phone.reload();
  await at(phone, 'class-add').click();
  await at(phone, 'class-create-form').waitFor();
}, 60_000);

test('the account of the head is disabled: the head of the server gives the class another', async () => {
  await head.goto('/server');
  await at(head, 'server-save').waitFor();
  await head.waitForLoadState('networkidle');
  expect(await at(head, 'headless').count()).toBe(0);
  await ask(server.url, `/api/server/users/${li.id}/disable`, { as: chen, method: 'POST' });
  await head.reload();
  const section = at(head, 'headless');
  await section.filter({ hasText: '七班' }).waitFor();
  await at(head, 'headless-search').fill('Lil');
  await at(head, 'headless-who').locator('option', { hasText: 'Lily' }).waitFor({ state: 'attached' });
  await takePicture(head, 'headless-desktop-en');
  await expectAccessible(head);
  await at(head, 'headless-give').click();
  await section.waitFor({ state: 'detached' });
  const { role } = await ask<ClassView>(server.url, `/api/classes/${classroom.id}`, { as: lily });
  expect(role).toBe('head');
}, 60_000);
