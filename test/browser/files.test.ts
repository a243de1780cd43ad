import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { FilesView } from '@pokers/protocol/files';
import type { MessageView } from '@pokers/protocol/http';
import type { Page, Route } from 'playwright-core';
import { ask, foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { noisyPng, png, upload } from '../actors/uploads.ts';
import { expectAccessible } from './accessibility.ts';
import { type Look, takePicture } from './chromium.ts';
import { at } from './elements.ts';
import { Visitors } from './visitors.ts';

const folder = temporaryFolder('browser-files');
let server: ServerProcess;
let visitors: Visitors;
let ming: Person;
let lily: Person;
let classroom: ClassView;

const FILE_BYTES = 5_000_000;

beforeAll(async () => {
  server = await startLimitedServer({ fileBytes: FILE_BYTES }, folder.path);
  [ming, lily] = [await signUp(server.url, '小明'), await signUp(server.url, 'Lily')];
  ({ classroom } = await foundClass(server.url, ming, [lily], 'Class 7b 七班'));
  visitors = await Visitors.to(server.url);
}, 60_000);

afterAll(async () => {
  await visitors?.close();
  await server?.stop();
  folder.remove();
}, 60_000);

const begin = (name: string): Promise<ThreadView> => openThread(server.url, ming, classroom.id, name);

/** This person, in this thread, in a browser of their own. */
async function visit(who: Person, thread: ThreadView, look: Look = {}): Promise<Page> {
  const { page } = await visitors.come(who, look);
  await page.goto(`/c/${classroom.id}/t/${thread.id}`);
  await at(page, 'attach').waitFor();
  return page;
}

const choose = (page: Page, name: string, bytes: Uint8Array, mimeType = 'image/png') =>
  at(page, 'attach-input').setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
const chosen = (page: Page, state = 'chosen') =>
  page.locator(`[data-testid=attached-file][data-state=${state}]`);

async function messagesOf(thread: ThreadView): Promise<MessageView[]> {
  const path = `/api/threads/${thread.id}/messages`;
  return (await ask<{ messages: MessageView[] }>(server.url, path, { as: lily })).messages;
}

async function bytesOf(path = ''): Promise<number> {
  const headers = { authorization: `Bearer ${lily.token}` };
  return (await (await fetch(server.url + path, { headers })).bytes()).length;
}

/** Holds the pieces of uploads that this page sends until they are let go. */
async function holdPieces(page: Page): Promise<{ held: Promise<void>; letGo: () => Promise<void> }> {
  const came = Promise.withResolvers<void>();
  const waiting: Route[] = [];
  let isHeld = true;
  await page.route('**/api/files/*', async (route) => {
    if (route.request().method() !== 'PATCH' || !isHeld) return route.continue();
    waiting.push(route);
    came.resolve();
  });
  return {
    held: came.promise,
    async letGo() {
      isHeld = false;
      // A page that is gone takes no answer any more.
      await Promise.all(waiting.map((route) => route.continue().catch(() => {})));
    },
  };
}

test('Ming sends a photo from his phone: it is made smaller, Lily sees its room before it comes, and opens it large', async () => {
  const thread = await begin('Trip');
  await postOverHttp(server.url, ming, thread.id, 'below which nothing moves');
  const [writer, reader] = [
    await visit(ming, thread, { size: 'phone', locale: 'zh-CN' }),
    await visit(lily, thread, { locale: 'en' }),
  ];
  const pictures = Promise.withResolvers<void>();
  await reader.route('**/files/**', async (route) => {
    if (!route.request().url().includes('/api/')) await pictures.promise;
    await route.continue();
  });
  const photo = noisyPng(2400, 1600);
  await choose(writer, '照片.png', photo);
  await chosen(writer).waitFor();
  await at(writer, 'upload-limits').waitFor();
  expect(await at(writer, 'upload-original').isChecked()).toBe(false);
  await takePicture(writer, 'files-chosen-phone-zh');
  await expectAccessible(writer);
  await at(writer, 'composer').fill('我们的旅行');
  await at(writer, 'send').click();

  const image = at(reader, 'message-image');
  await image.waitFor();
  const before = await image.boundingBox();
  expect(Math.round((100 * (before?.width ?? 0)) / (before?.height ?? 1))).toBe(150);
  expect(await image.evaluate((link) => getComputedStyle(link).backgroundImage)).toStartWith(
    'url("data:image/png',
  );
  pictures.resolve();
  await reader.waitForFunction(() => {
    const found = document.querySelector<HTMLImageElement>('[data-testid=message-image] img');
    return found?.complete && found.naturalWidth === 1600;
  });
  expect(await image.boundingBox()).toEqual(before);
  await at(reader, 'message').filter({ hasText: '我们的旅行' }).waitFor();
  const [, message] = await messagesOf(thread);
  expect(message).toMatchObject({ content: '我们的旅行', picture: { width: 1600, height: 1067 } });
  expect(await bytesOf(message?.img_url)).toBeLessThan(0.8 * photo.length);

  await image.focus();
  await reader.keyboard.press('Enter');
  await at(reader, 'picture-dialog').waitFor();
  await takePicture(reader, 'files-picture-desktop-en');
  await expectAccessible(reader);
  await reader.keyboard.press('Escape');
  await at(reader, 'picture-dialog').waitFor({ state: 'detached' });
  await at(writer, 'message-image').waitFor();
  expect(await at(writer, 'attached-file').count()).toBe(0);
  await visitors.leave(writer, reader);
}, 90_000);

test('who wants to, sends the original', async () => {
  const thread = await begin('Originals');
  const page = await visit(ming, thread);
  const photo = noisyPng(2000, 1200);
  await choose(page, 'photo.png', photo);
  await at(page, 'upload-original').check();
  await at(page, 'send').click();
  await at(page, 'message-image').waitFor();
  const [message] = await messagesOf(thread);
  expect(message).toMatchObject({ picture: { width: 2000, height: 1200 } });
  expect(await bytesOf(message?.img_url)).toBe(photo.length);
  await visitors.leave(page);
}, 60_000);

test('what is too large is said so before it is sent, and nothing is until it is taken away', async () => {
  const thread = await begin('Too large');
  const page = await visit(ming, thread);
  await choose(page, 'film.bin', new Uint8Array(FILE_BYTES + 1), 'application/octet-stream');
  await at(page, 'upload-refusal').filter({ hasText: '5 MB' }).waitFor();
  await at(page, 'composer').fill('a film');
  expect(await at(page, 'send').isDisabled()).toBe(true);
  await takePicture(page, 'files-too-large-desktop-en');
  await expectAccessible(page);
  await at(page, 'upload-remove').click();
  await at(page, 'send').click();
  await at(page, 'message').filter({ hasText: 'a film' }).waitFor();
  expect((await messagesOf(thread)).length).toBe(1);
  await visitors.leave(page);
}, 60_000);

test('files are pasted and dropped; words and a file that is no picture become two messages', async () => {
  const thread = await begin('Dropped');
  const page = await visit(ming, thread);
  const give = (type: 'paste' | 'drop', name: string) =>
    at(page, 'composer').evaluate(
      (box, { type, name }) => {
        const data = new DataTransfer();
        data.items.add(new File(['some notes'], name, { type: 'text/plain' }));
        const bubbles = { bubbles: true, cancelable: true };
        if (type === 'paste')
          box.dispatchEvent(new ClipboardEvent('paste', { ...bubbles, clipboardData: data }));
        else box.dispatchEvent(new DragEvent('drop', { ...bubbles, dataTransfer: data }));
      },
      { type, name },
    );
  await give('paste', 'pasted.txt');
  await chosen(page).filter({ hasText: 'pasted.txt' }).waitFor();
  await give('drop', '笔记.txt');
  await chosen(page).filter({ hasText: '笔记.txt' }).waitFor();
  const many = Array.from({ length: 12 }, (_, at) => ({
    name: `many ${at}.txt`,
    mimeType: 'text/plain',
    buffer: Buffer.from('a'),
  }));
  await at(page, 'attach-input').setInputFiles(many);
  await at(page, 'files-left-out').filter({ hasText: '4 more were not taken' }).waitFor();
  await expectAccessible(page);
  for (let left = 10; left > 2; left--) {
    await page.waitForFunction(
      (count) => document.querySelectorAll('[data-testid=attached-file]').length === count,
      left,
    );
    await at(page, 'upload-remove').last().click();
  }
  await at(page, 'composer').fill('my notes');
  await at(page, 'send').click();
  await at(page, 'message-file').filter({ hasText: '笔记.txt' }).waitFor();
  expect((await messagesOf(thread)).map(({ content, file_name }) => [content, file_name])).toEqual([
    ['my notes', undefined],
    [undefined, 'pasted.txt'],
    [undefined, '笔记.txt'],
  ]);
  const link = at(page, 'message-file').filter({ hasText: '笔记.txt' }).getByRole('link');
  const download = page.waitForEvent('download');
  await link.click();
  expect((await download).suggestedFilename()).toBe('笔记.txt');
  await visitors.leave(page);
}, 60_000);

test('an upload goes on after the page was lost, and what is cancelled is not sent', async () => {
  const thread = await begin('Broken');
  const page = await visit(ming, thread);
  const first = await holdPieces(page);
  await choose(page, 'a.png', png(30, 20));
  await chosen(page).waitFor();
  await at(page, 'send').click();
  await first.held;
  await at(page, 'upload-progress').waitFor();
  await takePicture(page, 'files-sending-desktop-en');
  await expectAccessible(page);
  await page.reload();
  await at(page, 'upload-progress').waitFor();
  await first.letGo();
  await at(page, 'message-image').waitFor();
  await at(page, 'attached-file').waitFor({ state: 'detached' });
  expect((await messagesOf(thread)).length).toBe(1);

  await page.unrouteAll();
  const second = await holdPieces(page);
  await choose(page, 'b.bin', new Uint8Array(50), 'application/octet-stream');
  await chosen(page).waitFor();
  await at(page, 'send').click();
  await second.held;
  await at(page, 'upload-remove').click();
  await at(page, 'attached-file').waitFor({ state: 'detached' });
  await second.letGo();
  await page.reload();
  await at(page, 'composer').fill('the last word');
  await at(page, 'send').click();
  await at(page, 'message').filter({ hasText: 'the last word' }).waitFor();
  expect((await messagesOf(thread)).map(({ content }) => content)).toEqual(['', 'the last word']);
  await visitors.leave(page);
}, 90_000);

test('a line that breaks is tried again by itself; what the server refuses waits for the reader to try again', async () => {
  const thread = await begin('Thin line');
  const page = await visit(ming, thread);
  let failures = 2;
  let refusals = 0;
  await page.route('**/api/files/*', (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    if (failures-- > 0) return route.abort();
    if (refusals-- > 0)
      return route.fulfill({ status: 503, json: { code: 174, error: 'server_files_full', msg: 'no room' } });
    return route.continue();
  });
  await choose(page, 'a.png', png(30, 20));
  await chosen(page).waitFor();
  await at(page, 'send').click();
  await at(page, 'message-image').waitFor();
  expect(failures).toBeLessThan(0);

  refusals = 1;
  await choose(page, 'b.png', png(20, 30));
  await chosen(page).waitFor();
  await at(page, 'send').click();
  await chosen(page, 'failed').filter({ hasText: 'no room' }).waitFor();
  await takePicture(page, 'files-failed-desktop-en');
  await expectAccessible(page);
  await at(page, 'upload-retry').click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=message-image]').length === 2);
  await visitors.leave(page);
}, 60_000);

test('the pictures and files of a thread are shown together, on a phone in the dark and in a wide window', async () => {
  const thread = await begin('Gallery');
  for (const [name, bytes] of [
    ['a.png', png(40, 30)],
    ['b.png', png(30, 40)],
    ['笔记.txt', new TextEncoder().encode('notes')],
  ] as const) {
    const { id } = await upload(server.url, ming, classroom.id, name, bytes);
    await ask(server.url, `/api/threads/${thread.id}/messages`, {
      as: ming,
      body: { content: '', file: id },
    });
  }
  expect(
    (await ask<FilesView>(server.url, `/api/threads/${thread.id}/files`, { as: lily })).messages.length,
  ).toBe(3);
  for (const look of [
    { size: 'phone', scheme: 'dark', locale: 'zh-CN' },
    { size: 'desktop', scheme: 'light', locale: 'en' },
  ] as const) {
    const page = await visit(lily, thread, look);
    await at(page, 'open-files').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=files-picture]').length === 2);
    await takePicture(page, `files-gallery-${look.size}-${look.locale}`);
    await expectAccessible(page);
    await at(page, 'files-all').click();
    await at(page, 'files-dialog').getByTestId('message-file').filter({ hasText: '笔记.txt' }).waitFor();
    expect(await at(page, 'files-picture').count()).toBe(2);
    await at(page, 'files-picture').first().click();
    const large = at(page, 'picture-large');
    await large.waitFor();
    const newest = await large.getAttribute('src');
    await at(page, 'picture-next').click();
    expect(await large.getAttribute('src')).not.toBe(newest);
    await takePicture(page, `files-large-${look.size}-${look.locale}`);
    await expectAccessible(page);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await large.getAttribute('src')).toBe(newest);
    await page.keyboard.press('Escape');
    await at(page, 'picture-dialog').waitFor({ state: 'detached' });
    await at(page, 'files-picture').last().click();
    await at(page, 'picture-show').click();
    await at(page, 'files-dialog').waitFor({ state: 'detached' });
    await page.locator('.message.found').getByTestId('message-image').waitFor();

    await at(page, 'message-image').first().click();
    await at(page, 'picture-next').click();
    expect(await large.getAttribute('src')).toBe(newest);
    await at(page, 'picture-close').click();
    await at(page, 'picture-dialog').waitFor({ state: 'detached' });
    await visitors.leave(page);
  }
}, 60_000);
