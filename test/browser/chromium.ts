import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const RESULTS = fileURLToPath(new URL('../results/screenshots', import.meta.url));

/** Where systems keep a Chromium; the first that is there is used. */
const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function findChromium(): string | undefined {
  return PLACES.find((place) => place !== '' && existsSync(place));
}

/** A real Chromium without a window. @param wrap gives a program that runs the given one, where it is not to run as it is */
export async function openChromium(wrap = (program: string) => program): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is missing: npm test says how to get it');
  return chromium.launch({
    executablePath: wrap(executablePath),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Look {
  readonly size?: 'desktop' | 'phone';
  readonly locale?: 'en' | 'zh-CN';
  readonly scheme?: 'light' | 'dark';
  /** Whether the client may start its service worker; without, tests can stand in for the network. */
  readonly worker?: boolean;
}

/** A browser of one person's own: nothing is shared with the others'. A complaint on its console fails `settle`. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Visitor> {
  const phone = look.size === 'phone';
  const context = await browser.newContext({
    baseURL: url,
    locale: look.locale ?? 'en',
    colorScheme: look.scheme ?? 'light',
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    hasTouch: phone,
    serviceWorkers: look.worker ? 'allow' : 'block',
    deviceScaleFactor: phone ? 2 : 1,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** What a browser itself writes when a request is refused or the line is cut: the page deals with both. */
const EXPECTED = /Failed to load resource|WebSocket connection to|ERR_/;

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
}

/** Keeps a picture in `test/results/screenshots`, for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  await page.screenshot({ path: join(RESULTS, `${name}.png`) });
}
