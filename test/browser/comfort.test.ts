import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { Page } from 'playwright-core';
import { foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('comfort');
let server: ServerProcess;
let visitors: Visitors;
let ming: Person;
let classroom: ClassView;
let thread: ThreadView;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  const chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '小明');
  ({ classroom, thread } = await foundClass(server.url, chen, [ming], 'Class 7b 七班'));
  for (let number = 1; number <= 80; number++)
    await postOverHttp(server.url, chen, thread.id, `${number}: 明天**八点**在校门口集合, bring your lunch`);
  visitors = await Visitors.to(server.url);
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

async function visit(look: Look, path = `/c/${classroom.id}/t/${thread.id}`): Promise<Page> {
  const { page } = await visitors.come(ming, look);
  await page.emulateMedia({ colorScheme: look.scheme ?? 'light', reducedMotion: 'reduce' });
  await page.goto(path);
  return page;
}

/** What moves in the page: elements with an animation, a transition or smooth scrolling that takes time to be seen. */
function moving(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const seconds = (list: string) => Math.max(...list.split(',').map((each) => Number.parseFloat(each)));
    return [...document.querySelectorAll('*')].flatMap((element) => {
      const style = getComputedStyle(element);
      const animates = style.animationName !== 'none' && seconds(style.animationDuration) > 0.02;
      const changes = seconds(style.transitionDuration) > 0.02;
      return animates || changes || style.scrollBehavior === 'smooth'
        ? [element.outerHTML.slice(0, 200)]
        : [];
    });
  });
}

test('nothing moves by itself for whoever wants no motion', async () => {
  const page = await visit({});
  await at(page, 'message').filter({ hasText: '80:' }).waitFor();
  expect(await moving(page)).toEqual([]);
  await page.getByTestId('message-list').hover();
  await page.mouse.wheel(0, -3_000);
  const toEnd = at(page, 'jump-to-end');
  await toEnd.waitFor();
  expect(await moving(page)).toEqual([]);
  await toEnd.click();
  // At once, and not on a way that takes its time.
  expect(
    await at(page, 'message-list').evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop),
  ).toBeLessThan(2);
  await at(page, 'message').last().hover();
  await at(page, 'message-more').click();
  await page.getByRole('dialog').waitFor();
  expect(await moving(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  expect(await moving(page)).toEqual([]);
  await visitors.leave(page);
}, 60_000);

/** Controls that reach out of the window sideways, or lie over each other. */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('button, a[href], input, select, textarea')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight);
    const name = (element: Element) =>
      element.getAttribute('data-testid') ??
      element.getAttribute('aria-label') ??
      element.outerHTML.slice(0, 80);
    const outside = controls
      .filter(({ box }) => box.left < -1 || box.right > innerWidth + 1)
      .map(({ element }) => `${name(element)} is outside`);
    const over = controls.flatMap(({ element: one, box: a }, index) =>
      controls.slice(index + 1).flatMap(({ element: other, box: b }) => {
        if (one.contains(other) || other.contains(one)) return [];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        return width > 2 && height > 2 ? [`${name(one)} and ${name(other)}`] : [];
      }),
    );
    const wide = document.documentElement.scrollWidth > innerWidth + 1 ? ['the page scrolls sideways'] : [];
    return [...outside, ...over, ...wide];
  });
}

for (const look of [
  { size: 'phone', locale: 'zh-CN', scheme: 'dark' },
  { size: 'phone', locale: 'en', scheme: 'light' },
  { size: 'desktop', locale: 'en', scheme: 'light' },
] as const) {
  test(`with letters twice as large all is there and in its place, on a ${look.size} in ${look.locale}`, async () => {
    const page = await visit(look);
    const enlarge = () =>
      page.evaluate(() => {
        document.documentElement.style.fontSize = '200%';
      });
    for (const [name, path, shown] of [
      ['conversation', `/c/${classroom.id}/t/${thread.id}`, 'message'],
      ['threads', `/c/${classroom.id}`, 'thread-item'],
      ['classes', '/', 'class-item'],
      ['members', `/c/${classroom.id}/members`, 'member-list'],
      ['account', '/account', 'notify-level'],
    ] as const) {
      await page.goto(path);
      await at(page, shown).first().waitFor();
      await enlarge();
      await page.waitForLoadState('networkidle');
      await takePicture(page, `large-${name}-${look.size}-${look.locale}`);
      expect({ name, misplaced: await misplaced(page) }).toEqual({ name, misplaced: [] });
    }
    await page.goto(`/c/${classroom.id}/t/${thread.id}`);
    await enlarge();
    await at(page, 'composer').fill(`好 ${look.size} ${look.locale}`);
    await at(page, 'send').click();
    await at(page, 'message')
      .filter({ hasText: `好 ${look.size} ${look.locale}` })
      .waitFor();
    await expectAccessible(page);
    await visitors.leave(page);
  }, 60_000);
}
