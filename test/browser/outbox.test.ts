import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import type { MessagesView } from '@pokers/protocol/http';
import type { Browser, BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { DURABLE_STORE_RULES, OUTBOX_STORE_RULES } from '../../sdk/test/outbox-store-contract.ts';
import { ask, foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { openChromium } from './chromium.ts';
import { bringSession, signInOn } from './signing-in.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openChromium();
}, 60_000);

afterAll(() => browser.close());

describe('the outbox’s store in IndexedDB', () => {
  const entry = fileURLToPath(new URL('../../sdk/test/outbox-page.ts', import.meta.url));
  let site: ReturnType<typeof Bun.serve>;
  let page: Page;

  beforeAll(async () => {
    const built = await Bun.build({ entrypoints: [entry], target: 'browser' });
    const script = await built.outputs[0]?.text();
    expect(script).not.toContain('node:fs');
    site = Bun.serve({
      port: 0,
      fetch: () =>
        new Response(`<meta charset="utf-8"><script type="module">${script}</script>`, {
          headers: { 'content-type': 'text/html' },
        }),
    });
    page = await browser.newPage();
    await page.goto(`http://localhost:${site.port}/`);
  }, 60_000);

  afterAll(async () => {
    await page.close();
    await site.stop(true);
  });

  for (const { name } of [...OUTBOX_STORE_RULES, ...DURABLE_STORE_RULES]) {
    test(name, async () => {
      await page.evaluate(
        (rule) => (globalThis as unknown as { checkRule: (name: string) => Promise<void> }).checkRule(rule),
        name,
      );
    });
  }
});

describe('Ming has two tabs', () => {
  const folder = temporaryFolder('outbox-browser');
  let server: ServerProcess;
  let ming: Person;
  let context: BrowserContext;
  let first: Page;
  let second: Page;
  let line: Wire;
  let path: string;
  let thread: number;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  beforeEach(async () => {
    ming = await signUp(server.url, 'Ming');
    const founded = await foundClass(server.url, ming, []);
    thread = founded.thread.id;
    path = `/c/${founded.classroom.id}/t/${thread}`;
    // What a service worker sends besides, test/browser/offline.test.ts looks at.
    context = await browser.newContext({ baseURL: server.url, locale: 'en', serviceWorkers: 'block' });
    await bringSession(context, ming, server.url);
    line = new Wire();
    await context.routeWebSocket(/\/ws$/, (socket) => line.take(socket));
  }, 60_000);

  afterEach(() => context.close());

  /** Both tabs are open and connected, the first one before the second. */
  async function openTabs(): Promise<void> {
    first = await context.newPage();
    await openThread(first);
    second = await context.newPage();
    await openThread(second);
  }

  async function openThread(page: Page): Promise<void> {
    await page.goto(path);
    await page.getByTestId('composer').waitFor();
    await page.getByText('Nothing here yet').or(page.getByTestId('message').first()).waitFor();
  }

  const pending = (page: Page) => textsOf(page, 'pending-message');
  const shown = (page: Page) => textsOf(page, 'message');

  async function stored(): Promise<(string | undefined)[]> {
    const answer = await ask<MessagesView>(server.url, `/api/threads/${thread}/messages`, { as: ming });
    return answer.messages.map((message) => message.content);
  }

  async function expectEverywhere(texts: readonly string[]): Promise<void> {
    await eventually(async () => expect(await shown(first)).toEqual([...texts]));
    await eventually(async () => expect(await shown(second)).toEqual([...texts]));
    await eventually(async () => expect([await pending(first), await pending(second)]).toEqual([[], []]));
    expect(await stored()).toEqual([...texts]);
  }

  test('writes offline in both, reloads both, and goes online: each message is there once and in order', async () => {
    await openTabs();
    await write(first, 'before');
    await expectEverywhere(['before']);
    await line.cut();
    const texts = ['1 in the first', '2 in the second', '3 in the first', '4 in the second'];
    for (const [at, text] of texts.entries()) {
      await write(at % 2 === 0 ? first : second, text);
      // Each tab shows what both wrote.
      for (const page of [first, second])
        await eventually(async () => expect(await pending(page)).toEqual(texts.slice(0, at + 1)));
    }
    await first.reload();
    await second.reload();
    for (const page of [first, second])
      await eventually(async () => expect(await pending(page)).toEqual(texts));
    await write(second, '5 after the reload');
    line.mend();
    for (const page of [first, second]) await retryNow(page);
    await expectEverywhere(['before', ...texts, '5 after the reload']);
    // One tab alone has sent, and nothing twice.
    expect(line.posts).toEqual(['before', ...texts, '5 after the reload']);
  }, 60_000);

  test('closes the one that sends in the middle of it: the other goes on', async () => {
    await openTabs();
    line.swallowing = true;
    await write(first, 'from the first');
    await eventually(async () => expect(line.posts).toEqual(['from the first']));
    await write(second, 'from the second');
    await eventually(async () => expect(await pending(first)).toEqual(['from the first', 'from the second']));
    line.swallowing = false;
    await first.close();
    first = second;
    await expectEverywhere(['from the first', 'from the second']);
    expect(line.posts).toEqual(['from the first', 'from the first', 'from the second']);
  }, 60_000);

  test('has the one that sends held still by the system: after a while the other takes over', async () => {
    await openTabs();
    // A page that computes does nothing else: it holds the lead and does not use it, as one that a phone has put to sleep.
    const still = first.evaluate(() => {
      for (const until = Date.now() + 15_000; Date.now() < until; );
    });
    await Bun.sleep(200);
    await write(second, 'nobody sends for me');
    await eventually(async () => expect(await stored()).toEqual(['nobody sends for me']), 20_000);
    await still;
    await expectEverywhere(['nobody sends for me']);
    await write(first, 'here again');
    await expectEverywhere(['nobody sends for me', 'here again']);
  }, 60_000);

  test('has a browser without locks: nothing is lost or doubled', async () => {
    await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    await openTabs();
    await line.cut();
    await write(first, '1 in the first');
    await eventually(async () => expect(await pending(second)).toEqual(['1 in the first']));
    await write(second, '2 in the second');
    await eventually(async () => expect(await pending(first)).toEqual(['1 in the first', '2 in the second']));
    await first.reload();
    await eventually(async () => expect(await pending(first)).toEqual(['1 in the first', '2 in the second']));
    line.mend();
    await retryNow(first);
    await eventually(async () => expect(await stored()).toEqual(['1 in the first', '2 in the second']));
    await retryNow(second);
    await expectEverywhere(['1 in the first', '2 in the second']);
  }, 60_000);

  test('has a browser that stores nothing: while a page lives, its messages go out all the same', async () => {
    await context.addInitScript(() => {
      indexedDB.open = () => {
        throw new Error('forbidden');
      };
    });
    await openTabs();
    await line.cut();
    await write(second, 'from the one that does not lead');
    line.mend();
    await retryNow(second);
    await expectEverywhere(['from the one that does not lead']);
  }, 60_000);

  test('signs out and gives up what was not sent: it does not come back', async () => {
    await openTabs();
    await second.close();
    line.refusing = true;
    await write(first, 'given up');
    await first.getByTestId('message-discard').waitFor();
    line.refusing = false;
    await first.getByTestId('sign-out').click();
    await first.getByTestId('ask-yes').click();
    await signInOn(first, ming.email, ming.password);
    await first.getByTestId('class-item').first().waitFor();
    await openThread(first);
    await write(first, 'a barrier');
    await eventually(async () =>
      expect([await shown(first), await pending(first)]).toEqual([['a barrier'], []]),
    );
  }, 60_000);

  test('discards in one what failed in the other', async () => {
    await openTabs();
    line.refusing = true;
    await write(first, 'refused');
    for (const page of [first, second]) await page.getByTestId('message-discard').waitFor();
    line.refusing = false;
    await second.getByTestId('message-discard').click();
    await eventually(async () => expect([await pending(first), await pending(second)]).toEqual([[], []]));
    await first.reload();
    await write(first, 'accepted');
    await expectEverywhere(['accepted']);
  }, 60_000);
});

/** All sockets between a browser and the server, and what can go wrong with them. */
class Wire {
  /** The posts that pages sent, in order. */
  readonly posts: string[] = [];
  /** Posts arrive nowhere. */
  swallowing = false;
  /** Posts get a no. */
  refusing = false;
  #broken = false;
  readonly #sockets = new Set<WebSocketRoute>();

  take(socket: WebSocketRoute): void {
    if (this.#broken) return void socket.close({ code: 4000 });
    this.#sockets.add(socket);
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = JSON.parse(String(data));
      if (frame.action !== 'post') return server.send(data);
      this.posts.push(frame.content);
      if (this.refusing)
        socket.send(
          JSON.stringify({ op: 'error', ref: frame.ref, code: 111, error: 'forbidden', msg: 'no' }),
        );
      else if (!this.swallowing) server.send(data);
    });
  }

  async cut(): Promise<void> {
    this.#broken = true;
    await Promise.all([...this.#sockets].map((socket) => socket.close({ code: 4000 }).catch(() => {})));
    this.#sockets.clear();
  }

  mend(): void {
    this.#broken = false;
  }
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
}

async function retryNow(page: Page): Promise<void> {
  await page
    .getByTestId('connection-retry')
    .click({ timeout: 2_000 })
    .catch(() => undefined);
}

async function textsOf(page: Page, id: string): Promise<string[]> {
  const texts = await page.getByTestId(id).getByTestId('message-text').allTextContents();
  return texts.map((text) => text.trim());
}

/** Until it no longer throws. */
async function eventually(holds: () => Promise<void>, patienceMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await Bun.sleep(50);
    }
  }
}
