import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { Page } from 'playwright-core';
import { ask, foundClass, openThread, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('unread');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let classroom: ClassView;
let open: ThreadView;
let other: ThreadView;

const mark = (page: Page, { id }: ThreadView) =>
  page.locator(`[data-thread-id="${id}"]`).getByTestId('unread');
const classMark = (page: Page) => page.locator(`[data-class-id="${classroom.id}"]`).getByTestId('unread');
const say = (thread: ThreadView, content: string, mentions: number[] = []) =>
  ask(server.url, `/api/threads/${thread.id}/messages`, { as: chen, body: { content, mentions } });
/** What stands in brackets before the window's title; nothing where nothing is unread. */
const marked = (page: Page, mark: string) =>
  page.waitForFunction(
    (wanted) =>
      (/^\((\S+)\) /.exec(document.title)?.[1] ?? '') === wanted && document.title.includes(' · Pokers'),
    mark,
  );
const icon = (page: Page) => page.locator('link[rel=icon]').getAttribute('href');

async function visit(who: Person, thread: ThreadView, look: Look = {}): Promise<Page> {
  const { page } = await visitors.come(who, look);
  await page.goto(`/c/${classroom.id}/t/${thread.id}`);
  await page.getByTestId('composer').waitFor();
  return page;
}

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [chen, ming] = [await signUp(server.url, 'Ms Chen'), await signUp(server.url, 'Ming 小明')];
  const founded = await foundClass(server.url, chen, [ming]);
  ({ classroom } = founded);
  open = founded.thread;
  other = await openThread(server.url, chen, classroom.id);
  visitors = await Visitors.to(server.url);
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

test('Ming goes to what is unread by the keyboard, in this class and in others', async () => {
  const far = await foundClass(server.url, chen, [ming], 'Class 8c');
  const [first, second] = [
    await openThread(server.url, chen, classroom.id, 'First'),
    await openThread(server.url, chen, classroom.id, 'Second'),
  ];
  const desk = await visit(ming, open);
  await say(first, 'one');
  await say(second, 'two');
  await say(far.thread, 'three');
  await marked(desk, '3');
  for (const thread of [second, first, far.thread]) {
    await desk.keyboard.press('Alt+Shift+ArrowDown');
    await desk.waitForURL(new RegExp(`/t/${thread.id}$`));
    await mark(desk, thread).waitFor({ state: 'detached' });
  }
  await marked(desk, '');
  await desk.keyboard.press('Alt+Shift+ArrowDown');
  expect(new URL(desk.url()).pathname).toBe(`/c/${far.classroom.id}/t/${far.thread.id}`);
  await visitors.leave(desk);
}, 60_000);

test('what is posted elsewhere is counted in the lists, the title and the icon, until it is read on any device', async () => {
  await say(other, 'before he came');
  const desk = await visit(ming, open);
  await mark(desk, other).filter({ hasText: '1' }).waitFor();
  await marked(desk, '1');
  expect(await icon(desk)).toBe('/favicon-unread.svg');

  await say(other, 'more');
  await mark(desk, other).filter({ hasText: '2' }).waitFor();
  await say(other, '@Ming 小明, please answer', [ming.id]);
  await mark(desk, other).filter({ hasText: '@1' }).waitFor();
  await classMark(desk).filter({ hasText: '@1' }).waitFor();
  await marked(desk, '@1');
  expect(await icon(desk)).toBe('/favicon-mention.svg');
  await expectAccessible(desk);
  await takePicture(desk, 'unread-desktop-en');

  const phone = await visit(ming, other, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });
  await phone.getByText('please answer').waitFor();
  await mark(desk, other).waitFor({ state: 'detached' });
  await marked(desk, '');
  expect(await icon(desk)).toBe('/favicon.svg');
  expect(await mark(desk, open).count()).toBe(0);
}, 90_000);

test('who is here is told beside the class, and of whom among its members', async () => {
  const desk = await visit(ming, open);
  const teacher = await visit(chen, open, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });
  await desk.getByTestId('here').filter({ hasText: '2 here' }).waitFor();
  await teacher.goto(`/c/${classroom.id}/members`);
  const of = (who: Person) =>
    teacher.getByTestId('member-list').locator(`[data-user-id="${who.id}"]`).getByTestId('member-here');
  await of(ming).filter({ hasText: '在线' }).waitFor();
  await expectAccessible(teacher);
  await takePicture(teacher, 'members-here-phone-zh');
  await visitors.leaveAll(teacher);
  await of(ming).waitFor({ state: 'detached' });
}, 90_000);

test('what came while the line was down is counted when it is back', async () => {
  // Everyone goes, so that nobody reads what is counted here.
  await visitors.leaveAll();
  const desk = await visit(ming, open, { locale: 'zh-CN' });
  const context = desk.context();
  await context.setOffline(true);
  await desk.getByTestId('connection-banner').waitFor();
  await say(other, 'while you were away');
  await context.setOffline(false);
  await mark(desk, other).filter({ hasText: '1' }).waitFor();
  expect(visitors.complaints).toEqual([]);
}, 90_000);
