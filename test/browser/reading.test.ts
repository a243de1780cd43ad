import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView } from '@pokers/protocol/classes';
import type { Page } from 'playwright-core';
import { ask, foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { framesDuring } from './frames.ts';
import { fillThread, type LongThread } from './long-thread.ts';
import { Visitors } from './visitors.ts';

const MESSAGES = 100_000;
/** What the list keeps in the page at most (paging.ts), and a page that is just coming. */
const MOST_ROWS = 300;

const folder = temporaryFolder('reading');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let classroom: ClassView;
let long: LongThread;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [chen, ming] = [await signUp(server.url, 'Ms Chen'), await signUp(server.url, '小明')];
  const { classroom: own, thread } = await foundClass(server.url, chen, [ming], 'Class 7b 七班');
  classroom = own;
  await server.stop();
  long = fillThread(folder.path, { thread: thread.id, class: own.id }, [chen, ming], MESSAGES);
  server = await startServerProcess(folder.path, '--port', String(server.port));
  await untilIndexed(`#${MESSAGES}`);
  visitors = await Visitors.to(server.url);
}, 120_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

const row = (page: Page, number: number) => page.locator(`[data-message-id="${long.idOf(number)}"]`);
const list = (page: Page) => at(page, 'message-list');

/** The search index works through what it has not seen; whatever is measured is measured after that. */
async function untilIndexed(word: string): Promise<void> {
  await eventually(async () => {
    const found = await ask<{ hits: unknown[] }>(server.url, `/api/search?q=${encodeURIComponent(word)}`, {
      as: chen,
    });
    return found.hits.length > 0;
  }, 60_000);
}

async function eventually(holds: () => Promise<boolean>, withinMs = 20_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('It did not come to be in time');
    await Bun.sleep(50);
  }
}

/** This person at this path, in a browser of their own. */
async function visit(who: Person, path: string, look: Look = {}): Promise<Page> {
  const { page } = await visitors.come(who, look);
  await page.goto(path);
  await at(page, 'message').first().waitFor();
  return page;
}

const pathOf = (thread = long.thread): string => `/c/${classroom.id}/t/${thread}`;

/** How far the list is from its end, in CSS pixels. */
const toEnd = (page: Page) =>
  list(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

async function isInView(page: Page, number: number): Promise<boolean> {
  return list(page).evaluate((element, id) => {
    const found = element.querySelector(`[data-message-id="${id}"]`)?.getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    return found !== undefined && found.top >= top && found.bottom <= bottom;
  }, long.idOf(number));
}

/** The number of the first message in the page. */
const firstNumber = (page: Page) =>
  at(page, 'message-text')
    .first()
    .textContent()
    .then((text) => Number(/#(\d+)/.exec(text ?? '')?.[1]));

/** Scrolls as a finger does that goes on and on: so many pixels a second, for a while. */
async function scroll(page: Page, pixelsPerSecond: number, seconds: number): Promise<void> {
  await list(page).evaluate(
    (element, [speed, lasts]) =>
      new Promise<void>((resolve) => {
        const begin = performance.now();
        let before = begin;
        const step = (time: number): void => {
          element.scrollTop += (speed * Math.max(0, time - before)) / 1_000;
          before = time;
          if (time - begin < lasts * 1_000) requestAnimationFrame(step);
          else resolve();
        };
        requestAnimationFrame(step);
      }),
    [pixelsPerSecond, seconds] as const,
  );
}

test('a thread of 100,000 messages scrolls up and down smoothly, and never has many of them in the page', async () => {
  const page = await visit(ming, pathOf());
  expect(await toEnd(page)).toBeLessThan(5);
  for (const speed of [-6_000, 5_000, -6_000]) {
    const { perSecond, possible, longestMs } = await framesDuring(page, 4, () => scroll(page, speed, 4));
    console.log(
      `scrolling: ${perSecond.toFixed(1)} frames/s came, its work leaves room for ${possible.toFixed(1)}, the longest piece ${longestMs.toFixed(0)} ms`,
    );
    expect(await at(page, 'message').count()).toBeLessThanOrEqual(MOST_ROWS);
    // By the processor's time: other suites run on the machine that tests.
    expect(possible).toBeGreaterThanOrEqual(50);
  }
  expect(await firstNumber(page)).toBeLessThan(MESSAGES - 400);
  await visitors.leave(page);
}, 120_000);

test('memory stays where it is, however far Ming goes back', async () => {
  const page = await visit(ming, pathOf());
  const debug = await page.context().newCDPSession(page);
  const measure = async () => {
    await debug.send('HeapProfiler.collectGarbage');
    const { usedSize } = await debug.send('Runtime.getHeapUsage');
    const { nodes } = await debug.send('Memory.getDOMCounters');
    return { megabytes: usedSize / 1e6, nodes };
  };
  await scroll(page, -8_000, 3);
  const before = await measure();
  const from = await firstNumber(page);
  await scroll(page, -20_000, 12);
  const after = await measure();
  const read = from - (await firstNumber(page));
  console.log(
    `memory: ${before.megabytes.toFixed(1)} MB and ${before.nodes} nodes, after ${read} more messages ${after.megabytes.toFixed(1)} MB and ${after.nodes} nodes`,
  );
  expect(read).toBeGreaterThan(1_000);
  expect(after.megabytes).toBeLessThan(before.megabytes * 1.3 + 2);
  expect(after.nodes).toBeLessThan(before.nodes * 1.3 + 1_000);

  await at(page, 'jump-to-end').click();
  await row(page, MESSAGES).waitFor();
  await eventually(async () => (await toEnd(page)) < 5);
  await visitors.leave(page);
}, 120_000);

test('a link leads to a message in the middle, from which one reads on in both directions', async () => {
  const page = await visit(ming, `${pathOf()}/m/${long.idOf(50_000)}`, { size: 'phone', locale: 'zh-CN' });
  await eventually(() => isInView(page, 50_000));
  await takePicture(page, 'reading-found-zh');
  await eventually(() => row(page, 50_000).evaluate((element) => element === document.activeElement));
  expect(new URL(page.url()).pathname).toBe(pathOf());
  await scroll(page, 6_000, 2);
  await row(page, 50_060).waitFor({ state: 'attached' });
  await scroll(page, -8_000, 3);
  await row(page, 49_940).waitFor({ state: 'attached' });

  // What changes in the middle is seen there, and what is posted at the end is counted.
  await ask(server.url, `/api/messages/${long.idOf(49_941)}/reactions`, {
    as: chen,
    body: { emoji: '👍', on: true },
  });
  await row(page, 49_941).filter({ hasText: '👍' }).waitFor({ state: 'attached' });
  await postOverHttp(server.url, chen, long.thread, 'said while he reads', { announce: true });
  await at(page, 'new-messages').filter({ hasText: '1' }).waitFor();
  await at(page, 'announcements').filter({ hasText: '1' }).waitFor({ state: 'attached' });
  await at(page, 'new-messages').click();
  await at(page, 'message').filter({ hasText: 'said while he reads' }).waitFor();
  await eventually(async () => (await toEnd(page)) < 5);
  await visitors.leave(page);
}, 120_000);

test('a link to a message that is not there says so, and shows the newest', async () => {
  const page = await visit(ming, `${pathOf()}/m/999999999`);
  await at(page, 'nowhere-message').waitFor();
  await eventually(async () => (await toEnd(page)) < 5);
  await visitors.leave(page);
}, 60_000);

test('Ming goes to a day by the calendar', async () => {
  const page = await visit(ming, pathOf());
  await at(page, 'to-date').click();
  const day = new Date();
  day.setDate(day.getDate() - 30);
  const local = new Intl.DateTimeFormat('sv-SE').format(day);
  await at(page, 'date-field').fill(local);
  await expectAccessible(page);
  await at(page, 'date-go').click();
  const midnight = new Date(`${local}T00:00`).getTime() / 1000;
  const first = at(page, 'message')
    .filter({ has: page.locator(':focus') })
    .or(page.locator('article:focus'));
  await first.waitFor();
  const time = await first
    .locator('time')
    .first()
    .getAttribute('datetime')
    .catch(() => null);
  const id = Number(await first.getAttribute('data-message-id'));
  const message = await ask<{ date: number }>(server.url, `/api/messages/${id}`, { as: chen });
  expect(message.date).toBeGreaterThanOrEqual(midnight);
  expect(message.date).toBeLessThan(midnight + 120);
  expect(time === null || time.length > 0).toBe(true);
  await visitors.leave(page);
}, 60_000);

test('Ming begins at the first message that he has not read, below a line; on another day nothing is new', async () => {
  const thread = await openThread(server.url, chen, classroom.id, 'Trip');
  const post = (text: string) => postOverHttp(server.url, chen, thread.id, text, { announce: true });
  for (let line = 1; line <= 60; line++) await post(`old ${line}`);
  const before = await visit(ming, pathOf(thread.id));
  await at(before, 'message').filter({ hasText: 'old 60' }).waitFor();
  const isRead = async () =>
    (
      await ask<{ threads: { id: number; unread: number }[] }>(
        server.url,
        `/api/classes/${classroom.id}/threads`,
        {
          as: ming,
        },
      )
    ).threads.find(({ id }) => id === thread.id)?.unread === 0;
  await eventually(isRead);
  expect(await at(before, 'new-line').count()).toBe(0);
  await visitors.leave(before);

  for (let line = 1; line <= 80; line++) await post(`new ${line}`);
  const page = await visit(ming, pathOf(thread.id), { size: 'phone' });
  await at(page, 'new-line').waitFor();
  const texts = await at(page, 'new-line').locator('xpath=following-sibling::article[1]').textContent();
  expect(texts).toContain('new 1');
  const place = await list(page).evaluate((element) => {
    const line = element.querySelector('[data-testid="new-line"]')?.getBoundingClientRect();
    const { top, height } = element.getBoundingClientRect();
    return ((line?.top ?? 0) - top) / height;
  });
  expect(place).toBeGreaterThan(0);
  expect(place).toBeLessThan(0.5);
  await takePicture(page, 'reading-unread-en');
  await expectAccessible(page);
  await scroll(page, 6_000, 3);
  await eventually(isRead);
  await visitors.leave(page);

  const after = await visit(ming, pathOf(thread.id));
  await at(after, 'message').filter({ hasText: 'new 80' }).waitFor();
  expect(await at(after, 'new-line').count()).toBe(0);
  await visitors.leave(after);
}, 120_000);

test('a screen reader is told what is new, and nothing of what is loaded', async () => {
  const page = await visit(ming, pathOf());
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    const region = document.querySelector('[data-testid="announcements"]');
    if (region)
      new MutationObserver(() => told.push(region.textContent ?? '')).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
  });
  expect(await list(page).getAttribute('role')).toBe('log');
  expect(await list(page).getAttribute('aria-live')).toBe('off');
  await scroll(page, -8_000, 0.2);
  await postOverHttp(server.url, chen, long.thread, 'read this out', { announce: true });
  await at(page, 'announcements')
    .filter({ hasText: 'Ms Chen: read this out' })
    .waitFor({ state: 'attached' });
  // What is not loaded where he reads is told by its number.
  await scroll(page, -8_000, 2);
  await postOverHttp(server.url, chen, long.thread, 'and this', { announce: true });
  await at(page, 'announcements').filter({ hasText: '1 new message' }).waitFor({ state: 'attached' });
  expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([
    'Ms Chen: read this out',
    '1 new message',
  ]);
  await visitors.leave(page);
}, 60_000);

test('letters twice as large lose nothing, on a phone and in the dark', async () => {
  const page = await visit(ming, pathOf(), { size: 'phone', scheme: 'dark', locale: 'zh-CN' });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  await row(page, MESSAGES).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  for (const id of ['composer', 'send', 'back-to-threads', 'to-date']) {
    const box = await at(page, id).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844).toBe(
      true,
    );
  }
  await takePicture(page, 'reading-large-zh-dark');
  await expectAccessible(page);
  await visitors.leave(page);
}, 60_000);
