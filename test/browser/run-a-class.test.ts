import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { ask, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { takePicture, type Visitor } from './chromium.ts';
import { at } from './elements.ts';
import { signInOn } from './signing-in.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('run-a-class');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let classroom: ClassView;
let thread: ThreadView;
/** The head at a desk, in English; the student on a phone, in Chinese and in the dark. */
let desk: Visitor;
let phone: Visitor;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  chen = await signUp(server.url, 'Ms Chen');
  classroom = await ask(server.url, '/api/classes', { as: chen, body: { name: 'Class 7b 七班' } });
  thread = await ask(server.url, `/api/classes/${classroom.id}/threads`, {
    as: chen,
    body: { name: 'Homework' },
  });
  visitors = await Visitors.to(server.url);
  desk = await visitors.come(undefined, { locale: 'en', size: 'desktop' });
  phone = await visitors.come(undefined, { locale: 'zh-CN', size: 'phone', scheme: 'dark' });
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

test('Ms Chen makes a link, and Ming joins by it on his phone', async () => {
  const { page } = desk;
  await page.goto('/');
  await signInOn(page, chen.email, chen.password);
  await at(page, 'class-item').first().waitFor();
  await page.goto(`/c/${classroom.id}/invitations`);
  await at(page, 'invitation-make').click();
  const link = (await at(page, 'invitation-link').textContent())?.trim() ?? '';
  await takePicture(page, 'invitations-desktop-en');

  await phone.page.goto(new URL(link).pathname);
  await at(phone.page, 'invitation-class').filter({ hasText: '七班' }).waitFor();
  await takePicture(phone.page, 'invited-phone-dark-zh');
  await at(phone.page, 'invitation-name').fill('小明');
  await at(phone.page, 'invitation-email').fill('ming@test.example');
  await at(phone.page, 'invitation-password').fill('a long password');
  await at(phone.page, 'invitation-join').click();
  await at(phone.page, 'thread-item').first().click();
  await at(phone.page, 'composer').waitFor();
});

test('she mutes him: he reads why he cannot post, and posts again when she unmutes him', async () => {
  await desk.page.goto(`/c/${classroom.id}/members`);
  await at(desk.page, 'member-mute').first().selectOption('600');
  await at(phone.page, 'barrier').filter({ hasText: '禁言' }).waitFor();
  expect(await at(phone.page, 'composer').count()).toBe(0);
  await takePicture(phone.page, 'muted-phone-dark-zh');
  await takePicture(desk.page, 'members-desktop-en');
  await at(desk.page, 'member-unmute').click();
  await at(phone.page, 'composer').fill('我回来了');
  await at(phone.page, 'composer').press('Enter');
  await at(phone.page, 'message').filter({ hasText: '我回来了' }).waitFor();
});

test('a thread for announcements lets her alone post', async () => {
  await desk.page.goto(`/c/${classroom.id}/threads`);
  await at(desk.page, 'thread-lock').click();
  await at(phone.page, 'barrier').waitFor();
  await at(desk.page, 'thread-lock').click();
  await at(phone.page, 'composer').waitFor();
});

test('the other pages stand: a list with a wrong line, settings and the log', async () => {
  const { page } = desk;
  await page.goto(`/c/${classroom.id}/members`);
  await at(page, 'people-list-text').fill('Lily, lily@test.example\nOmar, nonsense');
  await at(page, 'people-look').click();
  await at(page, 'people-problems').filter({ hasText: 'Line 2' }).waitFor();
  expect(await at(page, 'people-submit').isDisabled()).toBe(true);
  await at(page, 'people-list-text').fill('Lily, lily@test.example');
  await at(page, 'people-look').click();
  await at(page, 'people-submit').click();
  await at(page, 'people-added').filter({ hasText: '/i/' }).waitFor();
  await takePicture(page, 'people-desktop-en');
  await at(page, 'class-page-settings').click();
  await at(page, 'class-save').waitFor();
  await takePicture(page, 'class-settings-desktop-en');
  await at(page, 'class-page-audit').click();
  await at(page, 'class-audit').filter({ hasText: '小明' }).waitFor();
  await takePicture(page, 'audit-desktop-en');
});

test('she removes him, and he is out at once', async () => {
  await desk.page.goto(`/c/${classroom.id}/members`);
  await at(desk.page, 'member-remove').first().click();
  await at(desk.page, 'ask-yes').click();
  await at(phone.page, 'class-join-code').waitFor();
  expect(desk.complaints).toEqual([]);
  expect(phone.complaints).toEqual([]);
  expect(thread.id).toBeGreaterThan(0);
});
