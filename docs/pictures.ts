/**
 * Takes the pictures of both READMEs anew: a server with the demo class, and Chromium. `npm run pictures`.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startServerProcess, temporaryFolder } from '../test/actors/server-process.ts';
import { type Look, openChromium, openPage } from '../test/browser/chromium.ts';

const PLACE = join(import.meta.dirname, 'images');

/** A picture: how the window is, and what is done before it is taken. */
interface Picture {
  readonly name: string;
  readonly look: Look;
  show(page: Page): Promise<void>;
}

const openThread =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await page.getByTestId('thread-item').filter({ hasText: name }).click();
    await page.getByTestId('message').first().waitFor();
    await page.waitForLoadState('networkidle');
  };

async function search(page: Page): Promise<void> {
  await page.keyboard.press('/');
  await page.getByTestId('search-text').fill('12');
  await page.getByTestId('search-hit').first().waitFor();
}

async function openMembers(page: Page): Promise<void> {
  await page.getByTestId('members').click();
  await page.getByTestId('member-list').waitFor();
  await page.waitForLoadState('networkidle');
}

async function openMenu(page: Page): Promise<void> {
  await openThread('Maths')(page);
  await page.getByTestId('message').nth(3).click();
  await page.getByTestId('message-tools').waitFor();
}

const PICTURES: readonly Picture[] = [
  {
    name: 'desktop-en',
    look: { size: 'desktop', locale: 'en', scheme: 'light' },
    show: openThread('Field trip'),
  },
  {
    name: 'desktop-dark-zh',
    look: { size: 'desktop', locale: 'zh-CN', scheme: 'dark' },
    show: openThread('Maths'),
  },
  {
    name: 'phone-zh',
    look: { size: 'phone', locale: 'zh-CN', scheme: 'light' },
    show: openThread('Field trip'),
  },
  {
    name: 'phone-dark-en',
    look: { size: 'phone', locale: 'en', scheme: 'dark' },
    show: openMenu,
  },
  { name: 'search-en', look: { size: 'desktop', locale: 'en', scheme: 'light' }, show: search },
  { name: 'members-zh', look: { size: 'desktop', locale: 'zh-CN', scheme: 'light' }, show: openMembers },
];

async function takeAll(
  browser: Browser,
  url: string,
  account: { email: string; password: string },
): Promise<void> {
  for (const { name, look, show } of PICTURES) {
    const { page, context } = await openPage(browser, url, look);
    await page.goto('/');
    await page.getByTestId('switch-to-sign-in').click();
    await page.getByTestId('sign-in-email').fill(account.email);
    await page.getByTestId('sign-in-password').fill(account.password);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('class-item').click();
    await show(page);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(PLACE, `${name}.png`) });
    await context.close();
    console.log(name);
  }
}

const folder = temporaryFolder('pictures');
const server = await startServerProcess(folder.path, '--demo');
const browser = await openChromium();
try {
  const [, email = '', password = ''] = /as (\S+) with the password (\S+)/.exec(server.greeting) ?? [];
  await takeAll(browser, server.url, { email, password });
} finally {
  await browser.close();
  await server.stop();
  folder.remove();
}
