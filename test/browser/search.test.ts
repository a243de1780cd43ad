import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { SearchView } from '@pokers/protocol/search';
import type { Page } from 'playwright-core';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { takePicture, type Visitor } from './chromium.ts';
import { at } from './elements.ts';
import { bringSession } from './signing-in.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('browser-search');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let classroom: ClassView;
let homework: ThreadView;
let trip: ThreadView;
/** Chen's alone. */
let chess: { classroom: ClassView; thread: ThreadView };
/** A thread of it that is longer than a page of history. */
let long: ThreadView;
/** The teacher at a desk and in English; the student on a phone and in Chinese. */
let desk: Visitor;
let phone: Visitor;

/** More than one page of what is found. */
const LINES = 45;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '张小明');
  ({ classroom, thread: trip } = await foundClass(server.url, chen, [ming], '三年二班'));
  homework = await openThread(server.url, chen, classroom.id, '数学作业 Homework');
  chess = await foundClass(server.url, chen, [], 'Chess club');
  await postOverHttp(server.url, ming, trip.id, '春游要带午饭吗？');
  await postOverHttp(server.url, chen, trip.id, 'The garden’s map: https://example.org/garden');
  for (let line = 1; line <= LINES; line++)
    await postOverHttp(
      server.url,
      line % 2 === 0 ? chen : ming,
      homework.id,
      `第 ${line} 题 exercise ${line}`,
    );
  long = await openThread(server.url, chen, chess.classroom.id, 'Moves');
  for (let move = 1; move <= 160; move++) await postOverHttp(server.url, chen, long.id, `move ${move}.`);
  await postOverHttp(server.url, chen, chess.thread.id, 'The garden is closed: no chess today.');
  await untilIndexed('chess today');
  visitors = await Visitors.to(server.url);
  desk = await visitors.come(undefined, { locale: 'en', size: 'desktop' });
  phone = await visitors.come(undefined, { locale: 'zh-CN', size: 'phone' });
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

const hit = (page: Page, text: string) => at(page, 'search-hit').filter({ hasText: text });

/** The index follows the store by a second. */
async function untilIndexed(words: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await Bun.sleep(100)) {
    const { hits } = await ask<SearchView>(server.url, `/api/search?q=${encodeURIComponent(words)}`, {
      as: chen,
    });
    if (hits.length > 0) return;
  }
  throw new Error(`“${words}” was not found in 20 s`);
}

/** The page has come to the thread, and the message that was looked for has the focus. */
async function arrive(page: Page, thread: ThreadView, text: string): Promise<void> {
  await page.waitForURL(`**/c/${thread.class}/t/${thread.id}`);
  await at(page, 'message').and(page.locator(':focus')).filter({ hasText: text }).waitFor();
}

/** The session of an account, as if the person had signed in in this browser. */
async function enter({ context, page }: Visitor, who: Person, path: string): Promise<void> {
  await bringSession(context, who, server.url);
  await page.goto(path);
}

test('by keys alone: Chen signs in, goes to a thread, posts, searches, and jumps to what she found', async () => {
  const { page } = desk;
  const { keyboard } = page;
  await page.goto('/');
  await at(page, 'sign-up-name').waitFor();
  await tabTo(page, 'switch-to-sign-in');
  await keyboard.press('Enter');
  await tabTo(page, 'sign-in-email');
  await keyboard.type(chen.email);
  await tabTo(page, 'sign-in-password');
  await keyboard.type(chen.password);
  await keyboard.press('Enter');
  await at(page, 'class-item').first().waitFor();

  await pressUntil(page, 'Control+k', 'switcher-text');
  await keyboard.type('hmwk');
  await at(page, 'switcher-place').filter({ hasText: 'Homework' }).waitFor();
  await keyboard.press('Enter');
  await page.waitForURL(`**/c/${classroom.id}/t/${homework.id}`);
  await page.locator('[data-testid=composer]:focus').waitFor();
  await keyboard.type('Please hand it in on Friday, 星期五交');
  await keyboard.press('Enter');
  await at(page, 'message').filter({ hasText: '星期五交' }).waitFor();
  await untilIndexed('星期五');

  await keyboard.press('Control+Shift+F');
  await page.locator('[data-testid=search-text]:focus').waitFor();
  await keyboard.type('午饭');
  await hit(page, '春游要带').waitFor();
  expect(await hit(page, '春游要带').locator('mark').allTextContents()).toEqual(['午饭']);
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await arrive(page, trip, '春游要带午饭吗');
  await at(page, 'search-panel').waitFor({ state: 'detached' });
  expect(desk.complaints).toEqual([]);
}, 60_000);

test('what is found changes as Ming types, in one class, in one thread and everywhere, page after page', async () => {
  await enter(phone, ming, `/c/${classroom.id}/t/${homework.id}`);
  const { page } = phone;
  await at(page, 'message').first().waitFor();
  await at(page, 'search-back-to-threads').click();
  expect(await at(page, 'search-where').inputValue()).toBe('thread');
  await at(page, 'search-text').fill('题');
  await at(page, 'search-hit').nth(19).waitFor();
  expect(await at(page, 'search-hit').count()).toBe(20);
  await takePicture(page, 'search-phone-zh');
  await at(page, 'search-more').click();
  await at(page, 'search-hit').nth(39).waitFor();
  await at(page, 'search-more').click();
  await at(page, 'search-hit')
    .nth(LINES - 1)
    .waitFor();
  await at(page, 'search-more').waitFor({ state: 'detached' });

  await at(page, 'search-text').fill('春游');
  await at(page, 'search-none').waitFor();
  await takePicture(page, 'search-none-phone-zh');
  await at(page, 'search-everywhere').click();
  await hit(page, '春游要带').waitFor();
  // What is in Chen's other class is not his to find.
  await at(page, 'search-text').fill('garden');
  await hit(page, 'map').waitFor();
  expect(await at(page, 'search-hit').count()).toBe(1);
  await hit(page, 'map').click();
  await arrive(page, trip, 'map');
}, 60_000);

test('filters narrow it: from whom, found by pinyin, with a link, since when; and the last searches are offered', async () => {
  const { page } = desk;
  await at(page, 'message').first().waitFor();
  await page.keyboard.press('Control+Shift+F');
  await at(page, 'search-text').fill('garden');
  await hit(page, 'map').waitFor();
  await hit(page, 'closed').waitFor();
  await at(page, 'search-filters').click();
  await at(page, 'search-has').selectOption('link');
  await hit(page, 'closed').waitFor({ state: 'detached' });
  await hit(page, 'map').waitFor();
  await at(page, 'search-from').fill('zxm');
  await at(page, 'search-from-offer').filter({ hasText: '张小明' }).waitFor();
  await at(page, 'search-from').press('Enter');
  await at(page, 'search-none').waitFor();
  await expectAccessible(page);
  await at(page, 'search-has').selectOption('');
  await at(page, 'search-text').fill('');
  await at(page, 'search-hit').first().waitFor();
  expect(await at(page, 'search-hit').filter({ hasText: 'Ms Chen' }).count()).toBe(0);
  await page.emulateMedia({ colorScheme: 'light' });
  await takePicture(page, 'search-from-en');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await at(page, 'search-since').fill(tomorrow);
  await at(page, 'search-none').waitFor();
  await at(page, 'search-since').fill('2020-01-01');
  await at(page, 'search-hit').first().waitFor();
  await at(page, 'search-filters-clear').click();
  await at(page, 'search-recent').filter({ hasText: '午饭' }).click();
  await hit(page, '春游要带').waitFor();
  await page.keyboard.press('Escape');
  await at(page, 'search-panel').waitFor({ state: 'detached' });
}, 60_000);

test('a search that cannot reach the server says so, and goes on when it can', async () => {
  const { page, context } = desk;
  await context.setOffline(true);
  await page.keyboard.press('Control+Shift+F');
  await at(page, 'search-text').fill('chess');
  await at(page, 'search-failed').waitFor();
  await takePicture(page, 'search-offline-en');
  await context.setOffline(false);
  await hit(page, 'no chess').waitFor();
  // Going elsewhere from here: the class and thread of another class.
  await hit(page, 'no chess').click();
  await arrive(page, chess.thread, 'no chess');
  expect(await page.title()).toContain('Chess club');
  // What else was to be loaded while there was no line is loaded now.
  await page.reload();
  await at(page, 'message').filter({ hasText: 'no chess' }).waitFor();
  await untilKeys(page);
}, 60_000);

test('a letter that comes late belongs to no older answer: only the last question is shown', async () => {
  const { page } = desk;
  await page.keyboard.press('Control+Shift+F');
  await at(page, 'search-text').fill('exercise');
  await at(page, 'search-hit').nth(19).waitFor();
  let release = (): void => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await page.route('**/api/search?q=closed*', async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  const asked = page.waitForRequest((asking) => asking.url().includes('q=closed'));
  const given = page.waitForEvent('requestfailed', (asking) => asking.url().includes('q=closed'));
  await at(page, 'search-text').fill('closed');
  await asked;
  await at(page, 'search-text').fill('Friday');
  await given;
  await hit(page, 'Friday').waitFor();
  release();
  await page.unroute('**/api/search?q=closed*');
  expect(await at(page, 'search-hit').count()).toBe(1);
  await page.keyboard.press('Escape');
}, 60_000);

test('a message of long ago is shown among those that were said around it', async () => {
  const { page } = desk;
  await page.goto(`/c/${chess.classroom.id}/t/${long.id}`);
  await at(page, 'message').filter({ hasText: 'move 160.' }).waitFor();
  expect(await at(page, 'message').filter({ hasText: 'move 30.' }).count()).toBe(0);
  await pressUntil(page, 'Control+Shift+F', 'search-text');
  await at(page, 'search-text').fill('"move 30"');
  await hit(page, 'move 30.').waitFor();
  await hit(page, 'move 30.').click();
  await arrive(page, long, 'move 30.');
  for (const near of ['move 29.', 'move 31.']) await at(page, 'message').filter({ hasText: near }).waitFor();
  await takePicture(page, 'search-arrived-en');
}, 60_000);

test('the switcher finds threads and people by pinyin; a person leads to what they said', async () => {
  const { page } = desk;
  await page.keyboard.press('Control+k');
  await at(page, 'switcher-place').first().waitFor();
  await expectAccessible(page);
  await takePicture(page, 'switcher-dark-en');
  await page.emulateMedia({ colorScheme: 'light' });
  await takePicture(page, 'switcher-en');
  await at(page, 'switcher-text').fill('shuxue');
  await at(page, 'switcher-place').filter({ hasText: '数学作业' }).waitFor();
  await at(page, 'switcher-text').fill('zxm');
  await at(page, 'switcher-place')
    .and(page.locator('[data-kind=person]'))
    .filter({ hasText: '张小明' })
    .click();
  await at(page, 'search-from-clear').filter({ hasText: '张小明' }).waitFor();
  await at(page, 'search-hit').first().waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Control+k');
  await at(page, 'switcher-text').fill('closed');
  await at(page, 'switcher-search').click();
  await hit(page, 'closed').waitFor();
  await page.keyboard.press('Escape');
  await at(page, 'search-panel').waitFor({ state: 'detached' });

  await phone.page.goto('/');
  await at(phone.page, 'class-item').first().waitFor();
  await at(phone.page, 'switcher-open').click();
  await at(phone.page, 'switcher-text').fill('作业');
  await at(phone.page, 'switcher-place').filter({ hasText: '数学作业' }).waitFor();
  await takePicture(phone.page, 'switcher-phone-zh');
  await at(phone.page, 'switcher-place').filter({ hasText: '数学作业' }).click();
  await at(phone.page, 'message').first().waitFor();
}, 60_000);

test('arrow keys go through the lists, Alt and arrows through the threads, and Escape back to the list', async () => {
  const { page } = desk;
  await page.goto(`/c/${classroom.id}/t/${homework.id}`);
  await at(page, 'message').first().waitFor();
  await page.locator(`[data-testid=thread-item][data-thread-id="${homework.id}"][aria-current]`).waitFor();
  await untilKeys(page);
  // The newest thread is the first of the list.
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/t/${trip.id}`);
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForURL(`**/t/${homework.id}`);
  await at(page, 'composer').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/t/${trip.id}`);
  await page.locator('[data-testid=composer]:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator(`[data-thread-id="${trip.id}"]:focus`).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.locator(`[data-thread-id="${homework.id}"]:focus`).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/t/${homework.id}`);
  await page.locator('[data-testid=composer]:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator(`[data-thread-id="${homework.id}"]:focus`).waitFor();
  await page.keyboard.press('Escape');
  await page.locator(`[data-class-id="${classroom.id}"]:focus`).waitFor();
  await page.keyboard.press('End');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('class-item');
  await page.keyboard.press('/');
  await page.locator('[data-testid=search-text]:focus').waitFor();
  await page.keyboard.press('Escape');
  await at(page, 'search-panel').waitFor({ state: 'detached' });
  // The focus is where it was.
  await page.locator('[data-testid=class-item]:focus').waitFor();
}, 60_000);

test('a question mark shows the shortcuts, in both languages and themes; single keys can be turned off', async () => {
  const { page } = desk;
  await page.keyboard.press('?');
  await at(page, 'shortcut-sheet').waitFor();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await takePicture(page, 'shortcuts-en');
  await at(page, 'single-keys').uncheck();
  await page.keyboard.press('Escape');
  await at(page, 'shortcut-sheet').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.keyboard.press('Control+/');
  await at(page, 'shortcut-sheet').waitFor();
  expect(await at(page, 'shortcut-sheet').count()).toBe(1);
  expect(await at(page, 'single-keys').isChecked()).toBe(false);
  await page.keyboard.press('Escape');
  await at(page, 'shortcut-sheet').waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await page.keyboard.press('Control+Shift+F');
  await at(page, 'search-text').waitFor();
  // The slash was not typed into it, and opened nothing before.
  expect(await at(page, 'search-panel').count()).toBe(1);
  await page.keyboard.press('Escape');

  await phone.page.emulateMedia({ colorScheme: 'dark' });
  await pressUntil(phone.page, '?', 'single-keys');
  await takePicture(phone.page, 'shortcuts-phone-dark-zh');
  await phone.page.keyboard.press('Escape');
  await at(phone.page, 'search-back-to-threads').click();
  await at(phone.page, 'search-text').fill('题');
  await at(phone.page, 'search-hit').first().waitFor();
  await takePicture(phone.page, 'search-phone-dark-zh');
  await expectAccessible(phone.page);
  expect([desk.complaints, phone.complaints]).toEqual([[], []]);
}, 60_000);

test('whoever was signed in here before left no searches for the next', async () => {
  const lily = await signUp(server.url, 'Lily');
  await request(server.url, '/api/classes/join', { as: lily, body: { code: classroom.code } });
  await desk.context.clearCookies();
  await enter(desk, lily, '/');
  const { page } = desk;
  await at(page, 'class-item').first().waitFor();
  await pressUntil(page, 'Control+Shift+F', 'search-text');
  expect(await at(page, 'search-recent').count()).toBe(0);
}, 60_000);

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  const target = page.locator(`[data-testid=${id}]:focus`);
  for (let presses = 0; presses < 40; presses++) {
    if ((await target.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${id}`);
}

/** The keys work a moment after the page is there: what they do is loaded when the reader is in. */
async function pressUntil(page: Page, key: string, id: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    await page.keyboard.press(key);
    const isThere = await at(page, id)
      .waitFor({ timeout: 500 })
      .then(
        () => true,
        () => false,
      );
    if (isThere) return;
  }
  throw new Error(`${key} does nothing`);
}

async function untilKeys(page: Page): Promise<void> {
  await pressUntil(page, 'Control+/', 'shortcut-sheet');
  await page.keyboard.press('Escape');
  await at(page, 'shortcut-sheet').waitFor({ state: 'detached' });
}
