import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { MessagesView } from '@pokers/protocol/http';
import type { Page } from 'playwright-core';
import { ask, foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at, message } from './elements.ts';
import { NASTY_TEXTS } from './nasty-texts.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('writing');
let server: ServerProcess;
let visitors: Visitors;
let chen: Person;
let ming: Person;
let lily: Person;
let classroom: ClassView;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [chen, ming, lily] = [
    await signUp(server.url, 'Ms Chen'),
    await signUp(server.url, '小明'),
    await signUp(server.url, 'Lily'),
  ];
  ({ classroom } = await foundClass(server.url, chen, [ming, lily], 'Class 7b 七班'));
  visitors = await Visitors.to(server.url);
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

/** A thread of its own. */
const begin = (name: string): Promise<ThreadView> => openThread(server.url, chen, classroom.id, name);

/** This person, in this thread, in a browser of their own. */
async function visit(who: Person, thread: ThreadView, look: Look = {}): Promise<Page> {
  const { page } = await visitors.come(who, look);
  await page.goto(`/c/${classroom.id}/t/${thread.id}`);
  await at(page, 'composer').waitFor();
  return page;
}

const leave = (...pages: readonly Page[]): Promise<void> => visitors.leave(...pages);

test('what Ming began to write is there after a reload, in its thread alone', async () => {
  const [trip, homework] = [await begin('Trip'), await begin('Homework')];
  const page = await visit(ming, trip, { size: 'phone', locale: 'zh-CN' });
  await at(page, 'composer').fill('我们几点');
  await page.reload();
  expect(await at(page, 'composer').inputValue()).toBe('我们几点');
  await page.goto(`/c/${classroom.id}/t/${homework.id}`);
  await at(page, 'composer').waitFor();
  expect(await at(page, 'composer').inputValue()).toBe('');
  await page.goto(`/c/${classroom.id}/t/${trip.id}`);
  await at(page, 'composer').press('End');
  await at(page, 'composer').pressSequentially('出发？');
  await at(page, 'composer').press('Enter');
  await message(page, '我们几点出发？').waitFor();
  await page.reload();
  await message(page, '我们几点出发？').waitFor();
  expect(await at(page, 'composer').inputValue()).toBe('');
  await leave(page);
}, 60_000);

test('the Enter that ends a composition sends nothing', async () => {
  const page = await visit(ming, await begin('Composed'), { locale: 'zh-CN' });
  const devtools = await page.context().newCDPSession(page);
  await at(page, 'composer').focus();
  await devtools.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 });
  // What Chromium says of a key that the input method takes.
  await at(page, 'composer').dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229 });
  // What Safari says of it: the composition is over already.
  await at(page, 'composer').dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
  await devtools.send('Input.insertText', { text: '你好' });
  expect(await at(page, 'composer').inputValue()).toBe('你好');
  expect(await at(page, 'pending-message').count()).toBe(0);
  await at(page, 'composer').press('Enter');
  await message(page, '你好').waitFor();
  expect(await at(page, 'message').count()).toBe(1);
  await leave(page);
}, 60_000);

test('Ms Chen lets Ctrl+Enter send; then Enter makes a new line, and the choice stays', async () => {
  const thread = await begin('Long texts');
  const page = await visit(chen, thread);
  await at(page, 'composer').fill('one');
  await at(page, 'composer').press('Shift+Enter');
  expect(await at(page, 'composer').inputValue()).toBe('one\n');
  await page.goto('/account');
  await at(page, 'send-key-ctrl').check();
  await takePicture(page, 'writing-setting-desktop-en');
  await page.goto(`/c/${classroom.id}/t/${thread.id}`);
  await at(page, 'composer').press('End');
  await at(page, 'composer').pressSequentially('two');
  await at(page, 'composer').press('Enter');
  await at(page, 'composer').pressSequentially('three');
  expect(await at(page, 'message').count()).toBe(0);
  await at(page, 'composer').press('Control+Enter');
  await message(page, 'three').waitFor();
  expect(await at(page, 'message-text').textContent()).toBe('one\ntwo\nthree');
  await leave(page);
}, 60_000);

test('with the keyboard alone: the last message is edited by ↑, another one reacted to, and one deleted', async () => {
  const thread = await begin('Keyboard');
  await postOverHttp(server.url, chen, thread.id, 'Who comes along?');
  const page = await visit(ming, thread);
  await message(page, 'Who comes').waitFor();
  await at(page, 'composer').pressSequentially('I come allong');
  await page.keyboard.press('Enter');
  await message(page, 'allong').waitFor();
  await page.keyboard.press('ArrowUp');
  await at(page, 'edit-box').waitFor();
  await at(page, 'edit-box').press('Control+A');
  await page.keyboard.type('I come along');
  await page.keyboard.press('Enter');
  await message(page, 'I come along').waitFor();
  await at(page, 'message-edited').waitFor();

  // Back from the text box to the messages, up to the first, and to its tools.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await message(page, 'Who comes').getByTestId('message-tools').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await message(page, 'Who comes').getByTestId('message-reaction').filter({ hasText: '👍 1' }).waitFor();
  await takePicture(page, 'message-tools-desktop-en');
  await expectAccessible(page);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowDown');
  await message(page, 'I come along').getByTestId('message-tools').waitFor();
  await page.keyboard.press('Enter');
  for (let step = 0; step < 6; step++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await at(page, 'message-menu').waitFor();
  await takePicture(page, 'message-menu-desktop-en');
  await expectAccessible(page);
  await at(page, 'menu-delete').focus();
  await page.keyboard.press('Enter');
  await at(page, 'delete-confirm').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await at(page, 'message-deleted').waitFor();
  await leave(page);
}, 90_000);

test('Markdown is shown as such: titles, lists, tasks, tables, quotes, code in colours, formulas', async () => {
  const thread = await begin('Markdown');
  const page = await visit(chen, thread, { size: 'phone' });
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  await at(page, 'composer').fill('the first');
  await at(page, 'composer').press('Enter');
  await at(page, 'pins-open').waitFor();
  // What nobody waits for comes a little later.
  await page.waitForLoadState('networkidle');
  scripts.length = 0;
  await at(page, 'composer').fill('only words, 2*3*4 and https://example.org/a_b_c');
  await at(page, 'composer').press('Enter');
  await message(page, 'only words').waitFor();
  expect(scripts).toEqual([]);

  await postOverHttp(server.url, ming, thread.id, MARKDOWN);
  const shown = message(page, 'Homework for Friday');
  await shown.locator('.hljs-keyword').first().waitFor();
  await shown.locator('.katex').first().waitFor();
  expect(scripts.length).toBeGreaterThan(0);
  expect(await shown.locator('.title').textContent()).toBe('Homework for Friday');
  expect(await shown.getByRole('img').allTextContents()).toEqual(['☑', '☐']);
  expect(await shown.locator('td').allTextContents()).toEqual(['牛顿', '3']);
  expect(await shown.locator('blockquote').textContent()).toBe('Read it twice.');
  expect(await shown.locator('strong').textContent()).toBe('第三章');
  expect(await shown.locator('a').getAttribute('href')).toBe('https://example.org/book');
  expect(await shown.locator('math').count()).toBe(2);
  expect(await at(page, 'code-block').textContent()).toBe('const half = (n: number) => n / 2;');
  await page.evaluate('document.fonts.ready');
  await takePicture(page, 'markdown-phone-en');
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1280, height: 900 });
  await takePicture(page, 'markdown-desktop-dark-en');
  await leave(page);
}, 60_000);

test('whatever is written, a message is never more than a message', async () => {
  const thread = await begin('Nasty');
  const page = await visit(ming, thread);
  await page.evaluate(() => {
    Object.assign(window, { hacked: () => document.body.setAttribute('data-hacked', 'yes') });
  });
  for (const text of NASTY_TEXTS) await postOverHttp(server.url, lily, thread.id, text);
  await postOverHttp(server.url, lily, thread.id, '**the last**');
  await message(page, 'the last').locator('strong').waitFor();
  await page.locator('.katex').first().waitFor();
  await page.evaluate(() => {
    for (const link of document.querySelectorAll<HTMLElement>('[data-testid="message-text"] *')) {
      link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
      if (!link.hasAttribute('href')) link.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    }
  });
  expect(await page.locator('[data-hacked]').count()).toBe(0);
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('[data-testid="message-text"] *')];
    return {
      names: [...new Set(all.map((element) => element.localName))],
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))],
      schemes: [...new Set(all.flatMap((element) => (element as HTMLAnchorElement).protocol ?? []))],
    };
  });
  expect(found.names).not.toContainAnyValues(['script', 'img', 'iframe', 'svg', 'style', 'object', 'b']);
  expect(found.attributes.filter((name) => name.startsWith('on'))).toEqual([]);
  expect(found.schemes.every((scheme) => scheme === 'http:' || scheme === 'https:')).toBe(true);
  await leave(page);
}, 60_000);

test('on a phone the list stays as wide as the screen, whatever is in a message and whoever wrote it', async () => {
  const thread = await begin('Wide');
  const wordy = await signUp(server.url, 'W'.repeat(60));
  await ask(server.url, '/api/classes/join', { as: wordy, body: { code: classroom.code } });
  const texts = [
    `| a | b |\n|---|---|\n| ${'q'.repeat(300)} | wide |`,
    `\`\`\`\n${'y'.repeat(300)} code\n\`\`\``,
    `$${'a+b+c+'.repeat(60)}d$ **formula**`,
    'the last',
  ];
  for (const text of texts) {
    await postOverHttp(server.url, wordy, thread.id, text);
    await postOverHttp(server.url, ming, thread.id, text);
  }
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN' });
  await message(phone, 'wide').locator('table').first().waitFor();
  await message(phone, 'code').locator('pre').first().waitFor();
  await message(phone, 'formula').locator('.katex').first().waitFor();
  const beyond = await phone.evaluate(() =>
    [...document.querySelectorAll('[data-testid="message-list"], [data-testid="message"], .bubble')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  const sideways = await at(phone, 'message-list').evaluate(
    (list) =>
      [list, ...list.querySelectorAll('article')].filter((one) => one.scrollWidth > one.clientWidth + 1)
        .length,
  );
  expect({ beyond, sideways }).toEqual({ beyond: [], sideways: 0 });
  await takePicture(phone, 'wide-messages-phone-zh');
  await leave(phone);
}, 60_000);

test('a link leads to its message, and the message stays there when those above it are drawn', async () => {
  const thread = await begin('Drawn later');
  const post = (text: string) => postOverHttp(server.url, lily, thread.id, text);
  const code = `\`\`\`js\n${'let a = 1;\n'.repeat(8)}\`\`\``;
  const table = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(8)}`;
  for (let at = 0; at < 4; at++) for (const text of [code, table, '$$\n\\frac{1}{2}\n$$']) await post(text);
  const { id } = await post('what the link leads to');
  for (let line = 0; line < 30; line++) await post(`line ${line}`);
  for (const size of ['desktop', 'phone'] as const) {
    const { page } = await visitors.come(ming, { size });
    await page.goto(`/c/${classroom.id}/t/${thread.id}/m/${id}`);
    await page.locator(`[data-message-id="${id}"]:focus`).waitFor();
    const share = () =>
      page.evaluate((id) => {
        const list = document.querySelector('[data-testid="message-list"]')?.getBoundingClientRect();
        const row = document.querySelector(`[data-message-id="${id}"]`)?.getBoundingClientRect();
        return list && row ? Math.round(((row.top - list.top) / list.height) * 100) : undefined;
      }, id);
    await page.locator('.katex').first().waitFor();
    await page.locator('.markdown table').first().waitFor();
    await eventually(async () => Math.abs(((await share()) ?? 0) - 25) <= 3);
    await leave(page);
  }
}, 60_000);

test('emoji come by their names, in English and in Chinese, and from the picker', async () => {
  const thread = await begin('Emoji');
  const desk = await visit(chen, thread);
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });

  await at(desk, 'composer').pressSequentially('Well done :part');
  await at(desk, 'completion-item').filter({ hasText: 'party' }).first().waitFor();
  await takePicture(desk, 'emoji-completion-desktop-en');
  await expectAccessible(desk);
  await desk.keyboard.press('Enter');
  await desk.keyboard.type(' :+1: at 8:30 :');
  await eventually(async () => (await at(desk, 'composer').inputValue()) === 'Well done 🥳 👍 at 8:30 :');
  await desk.keyboard.press('Enter');
  await message(phone, 'Well done').waitFor();

  await at(phone, 'composer').fill('谢谢老师：笑');
  await at(phone, 'completion-item').first().tap();
  await eventually(async () =>
    /^谢谢老师\p{Extended_Pictographic}$/u.test(await at(phone, 'composer').inputValue()),
  );
  await at(phone, 'composer-emoji').tap();
  await at(phone, 'emoji-search').fill('苹果');
  await at(phone, 'emoji').first().waitFor();
  // The Enter of an input method belongs to it: nothing is chosen, and the picker stays.
  await at(phone, 'emoji-search').dispatchEvent('keydown', { key: 'Enter', isComposing: true, keyCode: 229 });
  expect(await at(phone, 'composer').inputValue()).toMatch(/^谢谢老师\p{Extended_Pictographic}$/u);
  expect(await at(phone, 'emoji-picker').count()).toBe(1);
  await takePicture(phone, 'emoji-picker-phone-dark-zh');
  await expectAccessible(phone);
  await at(phone, 'emoji').first().tap();
  await eventually(async () => /[🍎🍏]$/u.test(await at(phone, 'composer').inputValue()));
  await at(phone, 'send').tap();
  await message(desk, '谢谢老师').waitFor();
  await leave(desk, phone);
}, 60_000);

test('two react to one message, see who did, and Ms Chen pins and deletes; Ming is offered no more than he may', async () => {
  const thread = await begin('Reactions');
  const desk = await visit(chen, thread);
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN' });
  await at(phone, 'composer').fill('我带了蛋糕');
  await at(phone, 'send').tap();

  await message(desk, '蛋糕').hover();
  await message(desk, '蛋糕').getByTestId('react-more').click();
  await at(desk, 'emoji-search').fill('cake');
  await at(desk, 'emoji').first().waitFor();
  await takePicture(desk, 'emoji-picker-desktop-en');
  await expectAccessible(desk);
  await desk.keyboard.press('Enter');
  const chip = message(phone, '蛋糕').getByTestId('message-reaction');
  await chip.filter({ hasText: '1' }).waitFor();
  await chip.tap();
  await message(desk, '蛋糕').getByTestId('message-reaction').filter({ hasText: '2' }).waitFor();

  await message(phone, '蛋糕').getByTestId('message-text').tap();
  await at(phone, 'message-tools').waitFor();
  await takePicture(phone, 'message-tools-phone-zh');
  await at(phone, 'message-more').tap();
  await at(phone, 'menu-who').waitFor();
  expect(await at(phone, 'menu-pin').count()).toBe(0);
  await takePicture(phone, 'message-menu-phone-zh');
  await expectAccessible(phone);
  await at(phone, 'menu-who').tap();
  await at(phone, 'who-reacted').filter({ hasText: 'Ms Chen' }).filter({ hasText: '小明' }).waitFor();
  await takePicture(phone, 'who-reacted-phone-zh');
  await at(phone, 'dialog-close').tap();

  await message(desk, '蛋糕').hover();
  await at(desk, 'message-more').click();
  expect(await at(desk, 'menu-edit').count()).toBe(0);
  await at(desk, 'menu-pin').click();
  await at(phone, 'message-pinned').waitFor();
  await message(desk, '蛋糕').hover();
  await at(desk, 'message-more').click();
  await at(desk, 'menu-delete').click();
  await takePicture(desk, 'delete-message-desktop-en');
  await at(desk, 'delete-confirm').click();
  await at(phone, 'message-deleted').waitFor();
  await leave(desk, phone);
}, 60_000);

test('what was done to a message while the line was down is shown at once, and lasts', async () => {
  const thread = await begin('Offline');
  await postOverHttp(server.url, ming, thread.id, 'an eror');
  const page = await visit(ming, thread);
  await message(page, 'an eror').waitFor();
  await message(page, 'an eror').hover();
  await at(page, 'message-edit-open').waitFor();
  await page.context().setOffline(true);
  await at(page, 'message-edit-open').click();
  await at(page, 'edit-box').fill('an error');
  await at(page, 'edit-save').click();
  await message(page, 'an error').waitFor();
  await page.context().setOffline(false);
  await eventually(async () => {
    const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
      as: ming,
    });
    return messages[0]?.content === 'an error';
  });
  await leave(page);
}, 60_000);

test('Lily calls 小明 by pinyin and answers him; he sees the quote, and that she called him', async () => {
  const thread = await begin('Answers');
  const first = await postOverHttp(server.url, ming, thread.id, '谁去湖边？');
  const desk = await visit(lily, thread);
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });
  await message(desk, '湖边').hover();
  await at(desk, 'message-reply').click();
  await at(desk, 'replying').filter({ hasText: '小明' }).waitFor();
  await desk.keyboard.type('@xiaom');
  await at(desk, 'completion-item').filter({ hasText: '小明' }).waitFor();
  await takePicture(desk, 'mention-completion-desktop-en');
  await expectAccessible(desk);
  await desk.keyboard.press('Tab');
  await desk.keyboard.type('me!');
  await desk.keyboard.press('Enter');
  await message(phone, '@小明 me!').locator('.calling').waitFor();
  await at(desk, 'replying').waitFor({ state: 'detached' });
  await message(phone, '@小明 me!').getByTestId('reply-quote').filter({ hasText: '湖边' }).waitFor();
  await takePicture(phone, 'answer-phone-dark-zh');
  await expectAccessible(phone);
  const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
    as: chen,
  });
  expect(messages[1]).toMatchObject({ content: '@小明 me!', reply: first.id, mentions: [ming.id] });

  await at(desk, 'composer').fill('@');
  await at(desk, 'completion-item').filter({ hasText: '小明' }).waitFor();
  expect(await at(desk, 'completion-item').filter({ hasText: 'everyone' }).count()).toBe(0);
  await leave(desk, phone);
}, 60_000);

test('whom a message calls is made out in it, also after a reload of what was begun, and as it is edited', async () => {
  const thread = await begin('Calling');
  const desk = await visit(lily, thread);
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN', scheme: 'dark' });
  const mentions = async (at: number) => {
    const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
      as: chen,
    });
    return messages[at]?.mentions ?? [];
  };
  await at(desk, 'composer').pressSequentially('请@小明');
  await at(desk, 'completion-item').filter({ hasText: '小明' }).waitFor();
  await desk.keyboard.press('Tab');
  await desk.keyboard.type('and @Nobody come **soon**');
  // What was begun is kept a moment after the last letter.
  await desk.waitForFunction(() =>
    Object.entries(localStorage).some(
      ([key, text]) => key.startsWith('pokers.drafts') && text.includes('soon'),
    ),
  );
  const recalled = desk.waitForResponse((response) => response.url().includes('/members?'));
  await desk.reload();
  await recalled;
  await at(desk, 'composer').press('Enter');
  await message(phone, '请@小明').getByTestId('called').waitFor();
  expect(await at(phone, 'called').allTextContents()).toEqual(['@小明']);
  expect(await at(phone, 'called').getAttribute('class')).toBe('called reader');
  expect(await at(desk, 'called').getAttribute('class')).toBe('called');
  await takePicture(phone, 'called-phone-dark-zh');
  await expectAccessible(phone);
  expect(await mentions(0)).toEqual([ming.id]);

  await message(desk, '请@小明').hover();
  await at(desk, 'message-edit-open').click();
  await at(desk, 'edit-box').fill('@Nobody and @xiaom');
  await at(desk, 'completion-item').filter({ hasText: '小明' }).waitFor();
  await desk.keyboard.press('Enter');
  await takePicture(desk, 'edit-mention-desktop-en');
  await at(desk, 'edit-save').click();
  await message(desk, '@Nobody and @小明').waitFor();
  await message(phone, '@Nobody and').getByTestId('called').filter({ hasText: '小明' }).waitFor();
  expect(await mentions(0)).toEqual([ming.id]);

  await message(desk, '@Nobody and').hover();
  await at(desk, 'message-edit-open').click();
  await at(desk, 'edit-box').fill('nobody');
  await at(desk, 'edit-save').click();
  await eventually(async () => (await mentions(0)).length === 0);
  await message(phone, 'nobody').waitFor();
  await leave(desk, phone);
}, 60_000);

test('Ms Chen calls everyone, sees who has read it and what is pinned; Ming keeps it with a star', async () => {
  const thread = await begin('Announcements');
  await ask(server.url, `/api/threads/${thread.id}`, {
    as: chen,
    method: 'PATCH',
    body: { read_only: true },
  });
  const desk = await visit(chen, thread);
  await at(desk, 'composer').pressSequentially('@every');
  await at(desk, 'completion-item').filter({ hasText: 'everyone' }).waitFor();
  await desk.keyboard.press('Enter');
  await desk.keyboard.type('no lessons tomorrow');
  await desk.keyboard.press('Enter');
  await message(desk, 'no lessons').waitFor();
  await message(desk, 'no lessons').hover();
  await at(desk, 'message-more').click();
  await at(desk, 'menu-pin').click();
  await at(desk, 'message-pinned').waitFor();

  const { page: phone } = await visitors.come(ming, { size: 'phone', locale: 'zh-CN' });
  await phone.goto(`/c/${classroom.id}/t/${thread.id}`);
  await message(phone, 'no lessons').locator('.calling').getByTestId('called').waitFor();
  await message(phone, 'no lessons').getByTestId('message-text').tap();
  await at(phone, 'message-more').tap();
  expect(await at(phone, 'menu-readers').count()).toBe(0);
  expect(await at(phone, 'menu-reply').count()).toBe(0);
  await at(phone, 'menu-star').tap();
  const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
    as: ming,
  });
  await ask(server.url, `/api/threads/${thread.id}/read`, { as: ming, body: { message: messages[0]?.id } });

  await message(desk, 'no lessons').hover();
  await at(desk, 'message-more').click();
  await at(desk, 'menu-readers').click();
  await at(desk, 'readers').filter({ hasText: '小明' }).waitFor();
  await takePicture(desk, 'readers-desktop-en');
  await expectAccessible(desk);
  await at(desk, 'dialog-close').click();
  await at(desk, 'pins-open').click();
  await at(desk, 'pins').filter({ hasText: 'no lessons' }).waitFor();
  await takePicture(desk, 'pins-desktop-en');
  await expectAccessible(desk);
  await at(desk, 'message-row').click();
  await at(desk, 'pins').waitFor({ state: 'detached' });
  await eventually(async () => new URL(desk.url()).pathname === `/c/${classroom.id}/t/${thread.id}`);

  await phone.goto('/');
  await at(phone, 'stars-open').tap();
  await at(phone, 'stars').filter({ hasText: 'no lessons' }).waitFor();
  await takePicture(phone, 'stars-phone-zh');
  await expectAccessible(phone);
  await at(phone, 'message-row').tap();
  await message(phone, 'no lessons').waitFor();
  expect(await at(phone, 'nowhere-message').count()).toBe(0);
  await leave(desk, phone);
}, 60_000);

test('while Lily types, Ming sees it, and no longer once she has posted', async () => {
  const thread = await begin('Typing');
  const desk = await visit(lily, thread);
  const phone = await visit(ming, thread, { size: 'phone', locale: 'zh-CN' });
  await at(desk, 'typing').waitFor({ state: 'attached' });
  await at(phone, 'typing').waitFor({ state: 'attached' });
  await at(desk, 'composer').pressSequentially('I am');
  await at(phone, 'typing').filter({ hasText: 'Lily' }).waitFor();
  await takePicture(phone, 'typing-phone-zh');
  await at(desk, 'composer').press('Enter');
  await message(phone, 'I am').waitFor();
  await at(phone, 'typing').filter({ hasNotText: 'Lily' }).waitFor({ state: 'attached' });
  await leave(desk, phone);
}, 60_000);

const MARKDOWN = `## Homework for Friday
- [x] read **第三章**
- [ ] see https://example.org/book

| name | page |
|:-----|-----:|
| 牛顿 | 3 |

> Read it twice.

\`\`\`ts
const half = (n: number) => n / 2;
\`\`\`

Then $E = mc^2$, and
$$
\\int_0^1 x^2\\,dx = \\frac{1}{3}
$$`;

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 20 s');
    await Bun.sleep(50);
  }
}
