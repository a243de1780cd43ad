import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { openChromium } from '../browser/chromium.ts';
import { keptIn } from '../browser/kept.ts';
import { bringSession } from '../browser/signing-in.ts';
import { layThinLine, type ThinLine } from './thin-line.ts';

const folder = temporaryFolder('thin');
let line: ThinLine;
let browser: Browser;
let ming: Person;
let path: string;

beforeAll(async () => {
  const server = await startServerProcess(folder.path);
  const chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '小明');
  const { classroom, thread } = await foundClass(server.url, chen, [ming], 'Class 7b 七班');
  path = `/c/${classroom.id}/t/${thread.id}`;
  for (let number = 1; number <= 60; number++) {
    await postOverHttp(
      server.url,
      number % 3 ? chen : ming,
      thread.id,
      `message ${number}: 明天八点在校门口集合`,
    );
  }
  await server.stop();
  line = await layThinLine(folder.path);
  browser = await openChromium(line.wrap);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await line?.stop();
  folder.remove();
}, 60_000);

/** A browser that was never here; it has Ming's session, and nothing else. */
async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: line.url, locale: 'en' });
  await bringSession(context, ming, line.url);
  await context.addInitScript(() => {
    // Somebody signed in here before, and the browser has kept nothing else.
    localStorage.setItem('pokers.known', 'yes');
    const look = (): void => {
      const has = (id: string) => document.querySelector(`[data-testid="${id}"]`) !== null;
      if (has('message') && has('composer'))
        requestAnimationFrame(() => Object.assign(window, { usableAt: performance.now() }));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return context;
}

/**
 * Opens the thread, and stays until the browser has kept what it will show next time; answers after how many ms it can
 * be read and written in, from when it was asked for.
 */
async function open(context: BrowserContext): Promise<number> {
  const page = await context.newPage();
  await page.goto(path, { waitUntil: 'commit' });
  const usable = await page.waitForFunction(() => (window as { usableAt?: number }).usableAt);
  const ms = (await usable.jsonValue()) ?? Number.NaN;
  // Whose it is, who that is, the classes, the threads, the messages.
  while ((await keptIn(page)).length < 5) await Bun.sleep(50);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForLoadState('networkidle');
  await page.close();
  return ms;
}

/** What is wanted, and what fails the test: other suites run on the machine, and their work delays the page's. */
const WANTED = { cold: 1_000, back: 300 };
const FAILS = { cold: 1_300, back: 500 };

test('over a line of 1 Mbit/s with a round trip of 50 ms a conversation can be used soon, and sooner when one comes back', async () => {
  const cold: number[] = [];
  const back: number[] = [];
  for (let round = 0; round < 5; round++) {
    const context = await newContext();
    cold.push(await open(context));
    back.push(await open(context), await open(context));
    await context.close();
    if (Math.min(...cold) <= WANTED.cold && Math.min(...back) <= WANTED.back) break;
  }
  const show = (list: readonly number[]) => list.map((ms) => `${ms.toFixed(0)} ms`).join(', ');
  console.log(`first load (wanted ${WANTED.cold} ms): usable after ${show(cold)}`);
  console.log(`coming back (wanted ${WANTED.back} ms): usable after ${show(back)}`);
  expect(Math.min(...cold)).toBeLessThanOrEqual(FAILS.cold);
  expect(Math.min(...back)).toBeLessThanOrEqual(FAILS.back);
}, 120_000);
