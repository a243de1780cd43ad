import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { FilesView, FileView, LimitsView } from '@pokers/protocol/files';
import type { MessageView } from '@pokers/protocol/http';
import { ask, foundClass, openThread, type Person, request, signUp } from '../actors/people.ts';
import {
  type ServerProcess,
  startLimitedServer,
  startServerProcess,
  temporaryFolder,
} from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { beginUpload, fetchFile, png, refusalOf, sendPiece, upload } from '../actors/uploads.ts';
import { V2Client } from '../actors/v2-client.ts';

const folder = temporaryFolder('files');
let server: ServerProcess;
let url: string;
let ming: Person;
let lily: Person;
let stranger: Person;
let classroom: ClassView;
let thread: ThreadView;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  ({ url } = server);
  ming = await signUp(url, 'Ming');
  lily = await signUp(url, 'Lily');
  stranger = await signUp(url, 'Stranger');
  ({ classroom, thread } = await foundClass(url, ming, [lily]));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const PREVIEW = Buffer.from([1, 2, 3, 4, 5, 6]).toString('base64');
const post = (as: Person, file: number, content = '', more: object = {}) =>
  request(url, `/api/threads/${thread.id}/messages`, { as, body: { content, file, ...more } });
const posted = async (as: Person, file: number, content = ''): Promise<MessageView> =>
  (await post(as, file, content)).json() as Promise<MessageView>;
const lookAt = (as: Person, id: number) => ask<FileView>(url, `/api/files/${id}`, { as });
const limitsOf = (as: Person) => ask<LimitsView>(url, `/api/limits?class=${classroom.id}`, { as });

/** All files below the folder of files, in bytes each. */
function onDisk(): number[] {
  const root = join(folder.path, 'files');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error('it did not come to be');
    await Bun.sleep(50);
  }
}

describe('a picture', () => {
  test('that Ming uploads in two pieces and posts is seen by Lily, on every door, with its size', async () => {
    const bytes = png(60, 40);
    const { id } = await beginUpload(url, ming, classroom.id, {
      name: '照片.png',
      size: bytes.length,
      preview: PREVIEW,
    });
    const first = (await (await sendPiece(url, ming, id, 0, bytes.subarray(0, 50))).json()) as FileView;
    expect(first).toMatchObject({ offset: 50, done: false });
    const whole = (await (await sendPiece(url, ming, id, 50, bytes.subarray(50))).json()) as FileView;
    const picture = { width: 60, height: 40, preview: PREVIEW };
    expect(whole).toMatchObject({ offset: bytes.length, done: true, type: 'image/png', picture });

    const reader = await V2Client.open(server.socketUrl, lily);
    await reader.get({ action: 'join', thread: thread.id });
    const classic = await SocketClient.open(server.socketUrl, { token: lily.token });
    classic.send({
      action: 'join',
      thread_id: thread.id,
      class_id: classroom.id,
      speaker: lily.id,
      speaker_name: lily.name,
    });
    await classic.until(({ op }) => op === 'join');

    const writer = await V2Client.open(server.socketUrl, ming);
    const reply = await writer.get<'post'>({
      action: 'post',
      thread: thread.id,
      content: 'look',
      file: id,
      nonce: 'a1',
    });
    const path = `/files/${id}/${encodeURIComponent('照片.png')}`;
    const [change] = (await reader.nextEvent()).e as unknown[][];
    expect(change?.slice(1, 2)).toEqual([reply.id]);
    expect(change?.slice(4)).toEqual(['look', { img: path, pic: [60, 40, PREVIEW] }]);
    expect(await classic.nextJson()).toMatchObject({
      id: reply.id,
      type: 'text',
      content: 'look',
      img_url: path,
      file_url: null,
      file_name: null,
      file_size: null,
    });
    const { messages } = await ask<{ messages: MessageView[] }>(url, `/api/threads/${thread.id}/messages`, {
      as: lily,
    });
    expect(messages.at(-1)).toMatchObject({
      id: reply.id,
      type: 'text',
      content: 'look',
      img_url: path,
      picture,
    });

    const answer = await fetchFile(url, lily, path);
    expect([answer.status, await answer.bytes()]).toEqual([200, new Uint8Array(bytes)]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `inline; filename="__.png"; filename*=UTF-8''${encodeURIComponent('照片.png')}`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    for (const client of [reader, writer, classic]) client.close();
  });

  test('goes without words, too', async () => {
    const { id } = await upload(url, ming, classroom.id, 'a.png', png(3, 2));
    expect(await posted(ming, id, ' ')).toMatchObject({
      type: 'text',
      content: '',
      picture: { width: 3, height: 2 },
    });
  });
});

describe('a file that is no picture', () => {
  test('is a file to everyone, and goes without words', async () => {
    const bytes = randomBytes(3_000);
    const { id, type } = await upload(url, ming, classroom.id, 'notes.bin', bytes);
    expect(type).toBe('application/octet-stream');
    expect(await refusalOf(post(ming, id, 'with words'))).toBe('file_has_no_words');
    const classic = await SocketClient.open(server.socketUrl, { token: ming.token });
    const mings = { thread_id: thread.id, class_id: classroom.id, speaker: ming.id, speaker_name: ming.name };
    classic.send({ action: 'join', ...mings });
    await classic.until(({ op }) => op === 'join');
    const message = await posted(ming, id);
    expect(message).toMatchObject({
      type: 'file',
      file_url: `/files/${id}/notes.bin`,
      file_name: 'notes.bin',
    });
    expect(message.content).toBeUndefined();
    classic.send({ action: 'send', ...mings, mes_id: message.id });
    expect(await classic.until(({ op }) => op === undefined)).toMatchObject({
      type: 'file',
      content: null,
      img_url: null,
      file_url: `/files/${id}/notes.bin`,
      file_name: 'notes.bin',
      file_size: 3_000,
    });
    classic.close();
  });

  test('is never shown as a page, whatever it holds and whatever it is called', async () => {
    const pages = [
      ['page.html', '<!doctype html><script>alert(1)</script>'],
      ['picture.png', '<html><script>alert(1)</script>'],
      ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ['paper.pdf', '%PDF-1.4\n'],
      ['script.js', 'alert(1)'],
    ] as const;
    for (const [name, text] of pages) {
      const { id, picture } = await upload(url, ming, classroom.id, name, new TextEncoder().encode(text));
      const { headers } = await fetchFile(url, ming, `/files/${id}/page.html`);
      expect([name, picture, headers.get('content-type')]).toEqual([
        name,
        undefined,
        'application/octet-stream',
      ]);
      expect(headers.get('content-disposition')).toStartWith('attachment; ');
      expect(headers.get('content-security-policy')).toContain('sandbox');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('of no bytes is one, too', async () => {
    const { id } = await upload(url, ming, classroom.id, 'empty', new Uint8Array());
    expect(await lookAt(ming, id)).toMatchObject({ done: true, size: 0 });
    const answer = await fetchFile(url, ming, `/files/${id}/empty`);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('a part of a file', () => {
  const bytes = randomBytes(100_000);
  let path: string;
  beforeAll(async () => {
    const { id } = await upload(url, ming, classroom.id, 'film', bytes);
    await post(ming, id);
    path = `/files/${id}/film`;
  });

  test('is what was asked for', async () => {
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 100],
      ['bytes=99990-', 99_990, 100_000],
      ['bytes=-5', 99_995, 100_000],
      ['bytes=50000-999999', 50_000, 100_000],
    ] as const) {
      const answer = await fetchFile(url, lily, path, { range });
      expect([range, answer.status, answer.headers.get('content-range')]).toEqual([
        range,
        206,
        `bytes ${start}-${end - 1}/100000`,
      ]);
      expect(Buffer.from(await answer.bytes()).equals(bytes.subarray(start, end))).toBe(true);
    }
    const outside = await fetchFile(url, lily, path, { range: 'bytes=100000-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */100000']);
  });

  test('is not sent again to who has it', async () => {
    const whole = await fetchFile(url, lily, path);
    const etag = whole.headers.get('etag') ?? '';
    expect(etag).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
    expect(Buffer.from(await whole.bytes()).equals(bytes)).toBe(true);
    expect((await fetchFile(url, lily, path, { 'if-none-match': etag })).status).toBe(304);
    const other = await fetchFile(url, lily, path, { range: 'bytes=0-1', 'if-range': '"other"' });
    expect([other.status, (await other.bytes()).length]).toEqual([200, 100_000]);
  });

  test('HEAD says how large it is', async () => {
    const { status, headers } = await request(url, path, { as: lily, method: 'HEAD' });
    expect([status, headers.get('content-length'), headers.get('accept-ranges')]).toEqual([
      200,
      '100000',
      'bytes',
    ]);
  });
});

describe('an upload', () => {
  test('whose line breaks goes on from what came', async () => {
    const bytes = randomBytes(200_000);
    const { id } = await beginUpload(url, ming, classroom.id, { name: 'broken', size: bytes.length });
    await breakOff(id, bytes.subarray(0, 70_000), bytes.length);
    const { headers } = await request(url, `/api/files/${id}`, { as: ming, method: 'HEAD' });
    const offset = Number(headers.get('upload-offset'));
    expect([headers.get('upload-length'), headers.get('tus-resumable')]).toEqual(['200000', '1.0.0']);
    expect(offset).toBeGreaterThan(0);
    expect((await sendPiece(url, ming, id, offset, bytes.subarray(offset))).status).toBe(200);
    const answer = await fetchFile(url, ming, `/files/${id}/broken`);
    expect(Buffer.from(await answer.bytes()).equals(bytes)).toBe(true);
  });

  test('goes on after the server was killed', async () => {
    const own = temporaryFolder('files-killed');
    let killed = await startServerProcess(own.path);
    const wei = await signUp(killed.url, 'Wei');
    const { classroom } = await foundClass(killed.url, wei, []);
    const bytes = randomBytes(50_000);
    const { id } = await beginUpload(killed.url, wei, classroom.id, { name: 'long', size: bytes.length });
    await sendPiece(killed.url, wei, id, 0, bytes.subarray(0, 20_000));
    await killed.stop('SIGKILL');
    killed = await startServerProcess(own.path);
    expect((await ask<FileView>(killed.url, `/api/files/${id}`, { as: wei })).offset).toBe(20_000);
    await sendPiece(killed.url, wei, id, 20_000, bytes.subarray(20_000));
    const answer = await fetchFile(killed.url, wei, `/files/${id}/long`);
    expect(Buffer.from(await answer.bytes()).equals(bytes)).toBe(true);
    await killed.stop();
    own.remove();
  });

  test('takes what comes next, and nothing else', async () => {
    const { id } = await beginUpload(url, ming, classroom.id, { name: 'a', size: 10 });
    const send = (offset: number, length: number) =>
      refusalOf(sendPiece(url, ming, id, offset, new Uint8Array(length)));
    expect(await send(1, 2)).toBe('upload_offset_wrong');
    expect(await send(0, 11)).toBe('upload_offset_wrong');
    expect(await send(0, 4)).toBe('200');
    expect(await send(0, 4)).toBe('upload_offset_wrong');
    expect(await send(4, 6)).toBe('200');
    expect(await send(10, 0)).toBe('200');
    expect(await send(4, 6)).toBe('upload_offset_wrong');
    expect(await refusalOf(sendPiece(url, ming, id, Number.NaN, new Uint8Array(1)))).toBe('bad_request');
    expect((await sendPiece(url, ming, id, 0, new Uint8Array(1024 * 1024 + 1))).status).toBe(413);
  });

  test('that was damaged on its way begins anew', async () => {
    const bytes = randomBytes(10);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { id } = await beginUpload(url, ming, classroom.id, { name: 'a', size: 10, sha256 });
    expect(await refusalOf(sendPiece(url, ming, id, 0, new Uint8Array(10)))).toBe('upload_damaged');
    expect((await lookAt(ming, id)).offset).toBe(0);
    expect(await refusalOf(sendPiece(url, ming, id, 0, bytes))).toBe('200');
  });

  test('that is cancelled leaves nothing, and gives its room back', async () => {
    const before = await limitsOf(lily);
    const { id } = await beginUpload(url, lily, classroom.id, { name: 'a', size: 7_777 });
    await sendPiece(url, lily, id, 0, new Uint8Array(7_000));
    expect(await limitsOf(lily)).toMatchObject({
      day_left: before.day_left - 7_777,
      class_left: Number(before.class_left) - 7_777,
    });
    expect(onDisk()).toContain(7_000);
    expect(await refusalOf(request(url, `/api/files/${id}`, { as: ming, method: 'DELETE' }))).toBe(
      'file_not_found',
    );
    await ask(url, `/api/files/${id}`, { as: lily, method: 'DELETE' });
    expect(onDisk()).not.toContain(7_000);
    expect(await limitsOf(lily)).toMatchObject({
      day_left: before.day_left - 7_000, // what came has come
      class_left: Number(before.class_left),
    });
    expect(await refusalOf(request(url, `/api/files/${id}`, { as: lily }))).toBe('file_not_found');
  });

  test('that nobody posts is forgotten after a day', async () => {
    const { id } = await upload(url, ming, classroom.id, 'forgotten', randomBytes(4_321));
    expect(onDisk()).toContain(4_321);
    const db = new Database(join(folder.path, 'pokers.db'));
    db.run('pragma busy_timeout = 5000');
    db.run('update files set begun = begun - 90000 where id = ?', [id]);
    db.close();
    await until(() => !onDisk().includes(4_321));
    expect(await refusalOf(request(url, `/api/files/${id}`, { as: ming }))).toBe('file_not_found');
  });

  /** Sends a part of a piece, and cuts the line when some of it has come: who asks how far it is ends it, so nobody asks. */
  async function breakOff(id: number, part: Uint8Array, length: number): Promise<void> {
    const before = onDisk().filter((size) => size > 0).length;
    const socket = connect(server.port, '127.0.0.1');
    const head = [
      `PATCH /api/files/${id} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${ming.token}`,
      'Content-Type: application/offset+octet-stream',
      'Upload-Offset: 0',
      `Content-Length: ${length}`,
    ];
    await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n`, () => resolve()));
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
    await until(() => onDisk().filter((size) => size > 0).length > before);
    socket.destroy();
  }
});

describe('who', () => {
  test('is not in the class neither uploads to it nor sees its files', async () => {
    expect(
      await refusalOf(
        request(url, `/api/classes/${classroom.id}/files`, { as: stranger, body: { name: 'a', size: 1 } }),
      ),
    ).toBe('class_not_found');
    const { id } = await upload(url, ming, classroom.id, 'a', randomBytes(10));
    const path = `/files/${id}/a`;
    const readers = [stranger, lily];
    for (const as of readers) expect(await refusalOf(fetchFile(url, as, path))).toBe('file_not_found');
    expect(await refusalOf(sendPiece(url, lily, id, 10, new Uint8Array()))).toBe('file_not_found');
    await post(ming, id);
    expect(await refusalOf(fetchFile(url, stranger, path))).toBe('file_not_found');
    expect(await refusalOf(fetchFile(url, lily, path))).toBe('200');
    expect(await refusalOf(request(url, path))).toBe('sign_in_required');
    expect(await refusalOf(request(url, path, { headers: { cookie: lily.cookie } }))).toBe('200');
    const foreign = { cookie: lily.cookie, origin: 'https://elsewhere.example' };
    expect(await refusalOf(request(url, path, { headers: foreign }))).toBe('origin_denied');
  });

  test('leaves the class sees its files no more', async () => {
    const guest = await signUp(url, 'Guest');
    await ask(url, '/api/classes/join', { as: guest, body: { code: classroom.code } });
    const { id } = await upload(url, ming, classroom.id, 'a', randomBytes(10));
    await post(ming, id);
    expect(await refusalOf(fetchFile(url, guest, `/files/${id}/a`))).toBe('200');
    await ask(url, `/api/classes/${classroom.id}/leave`, { as: guest, body: {} });
    expect(await refusalOf(fetchFile(url, guest, `/files/${id}/a`))).toBe('file_not_found');
  });
});

describe('a post', () => {
  test('takes a whole file of one’s own, of this class, once', async () => {
    const other = await foundClass(url, ming, []);
    const elsewhere = await upload(url, ming, other.classroom.id, 'a', randomBytes(10));
    const lilys = await upload(url, lily, classroom.id, 'a', randomBytes(10));
    const half = await beginUpload(url, ming, classroom.id, { name: 'a', size: 10 });
    const good = await upload(url, ming, classroom.id, 'a', randomBytes(10));
    const before = await ask<ThreadView>(url, `/api/threads/${thread.id}`, { as: ming });
    for (const [id, refusal] of [
      [elsewhere.id, 'file_not_found'],
      [lilys.id, 'file_not_found'],
      [half.id, 'upload_unfinished'],
      [999_999, 'file_not_found'],
    ] as const) {
      expect([id, await refusalOf(post(ming, id))]).toEqual([id, refusal]);
    }
    expect(await ask<ThreadView>(url, `/api/threads/${thread.id}`, { as: ming })).toEqual(before);
    const first = (await (await post(ming, good.id, '', { nonce: 'once' })).json()) as MessageView;
    const again = (await (await post(ming, good.id, '', { nonce: 'once' })).json()) as MessageView;
    expect(again).toEqual(first);
    expect(await refusalOf(post(ming, good.id))).toBe('file_not_found');
    expect(await refusalOf(request(url, `/api/files/${good.id}`, { as: ming, method: 'DELETE' }))).toBe(
      'file_not_found',
    );
    expect(await lookAt(lily, good.id)).toMatchObject({ message: first.id });
  });

  test('of two at once gets the file, and the other does not', async () => {
    const { id } = await upload(url, ming, classroom.id, 'a', randomBytes(10));
    const answers = await Promise.all([1, 2, 3, 4].map(() => refusalOf(post(ming, id))));
    expect(answers.sort()).toEqual(['201', 'file_not_found', 'file_not_found', 'file_not_found']);
  });

  test('without a file says something', async () => {
    const blank = request(url, `/api/threads/${thread.id}/messages`, { as: ming, body: { content: ' ' } });
    expect(await refusalOf(blank)).toBe('bad_request');
  });
});

describe('when it is deleted', () => {
  test('a message takes its file with it: at once for people, and from the disk', async () => {
    const before = await limitsOf(ming);
    const { id } = await upload(url, ming, classroom.id, 'a', randomBytes(5_555));
    const message = await posted(ming, id);
    expect(onDisk()).toContain(5_555);
    await ask(url, `/api/messages/${message.id}`, { as: ming, method: 'DELETE' });
    expect(await refusalOf(fetchFile(url, ming, `/files/${id}/a`))).toBe('file_not_found');
    await until(() => !onDisk().includes(5_555));
    await until(async () => (await limitsOf(ming)).class_left === before.class_left);
  });

  test('a thread takes its files with it for people', async () => {
    const other = await openThread(url, ming, classroom.id, 'Short-lived');
    const { id } = await upload(url, ming, classroom.id, 'a', randomBytes(10));
    await ask(url, `/api/threads/${other.id}/messages`, { as: ming, body: { content: '', file: id } });
    expect(await refusalOf(fetchFile(url, ming, `/files/${id}/a`))).toBe('200');
    await ask(url, `/api/threads/${other.id}`, {
      as: ming,
      method: 'DELETE',
      body: { confirm: 'Short-lived' },
    });
    expect(await refusalOf(fetchFile(url, ming, `/files/${id}/a`))).toBe('file_not_found');
  });
});

describe('a name', () => {
  test('is one that every system can save a file under', async () => {
    for (const [said, name] of [
      ['../../etc/passwd', 'passwd'],
      ['..\\..\\boot.ini', 'boot.ini'],
      ['..', 'file'],
      ['', 'file'],
      ['a\u0000b\n\u202Egnp.exe', 'abgnp.exe'],
      ['CON', '_CON'],
      ['com1.txt', '_com1.txt'],
      ['a<b>:"|?*.txt', 'a_b______.txt'],
      ['ends. . ', 'ends'],
      ['作业 第一章.docx', '作业 第一章.docx'],
      ['e\u0301.txt', 'é.txt'],
      [`${'长'.repeat(300)}.jpeg`, `${'长'.repeat(65)}.jpeg`],
      ['\uD800.txt', '\uFFFD.txt'],
    ] as const) {
      const file = await beginUpload(url, ming, classroom.id, { name: said, size: 0 });
      expect([said, file.name]).toEqual([said, name]);
      expect(Buffer.byteLength(file.name)).toBeLessThanOrEqual(200);
      await sendPiece(url, ming, file.id, 0, new Uint8Array());
      const answer = await fetchFile(url, ming, file.url);
      expect(answer.headers.get('content-disposition')).toEndWith(
        `filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`,
      );
    }
  });

  test('in the path leads nowhere else', async () => {
    const { id } = await upload(url, ming, classroom.id, 'a', new TextEncoder().encode('mine'));
    for (const name of ['..%2f..%2fpokers.db', '%00', 'b', '%2e%2e%2fx']) {
      expect([name, await (await fetchFile(url, ming, `/files/${id}/${name}`)).text()]).toEqual([
        name,
        'mine',
      ]);
    }
  });
});

test('the files of a thread are listed a page at a time, pictures apart', async () => {
  const other = await openThread(url, ming, classroom.id, 'Gallery');
  const add = async (name: string, bytes: Uint8Array): Promise<number> => {
    const { id } = await upload(url, ming, classroom.id, name, bytes);
    const body = { content: '', file: id };
    return (await ask<MessageView>(url, `/api/threads/${other.id}/messages`, { as: ming, body })).id;
  };
  const pictures: number[] = [];
  for (let n = 0; n < 52; n++) pictures.push(await add('p.png', png(2, 2)));
  const file = await add('f', randomBytes(4));
  await ask(url, `/api/threads/${other.id}/messages`, { as: ming, body: { content: 'words' } });
  const list = async (query: string) => {
    const { messages, more } = await ask<FilesView>(url, `/api/threads/${other.id}/files?${query}`, {
      as: lily,
    });
    return { ids: messages.map(({ id }) => id), more };
  };
  const newest = pictures.toReversed();
  expect(await list('')).toEqual({ ids: [file, ...newest.slice(0, 49)], more: true });
  expect(await list(`before=${newest[48]}`)).toEqual({ ids: newest.slice(49), more: false });
  expect(await list('kind=pictures')).toEqual({ ids: newest.slice(0, 50), more: true });
  expect(await refusalOf(request(url, `/api/threads/${other.id}/files`, { as: stranger }))).toBe(
    'thread_not_found',
  );
});

describe('limits', () => {
  const own = temporaryFolder('files-limits');
  let small: ServerProcess;
  let wei: Person;
  let hong: Person;
  let first: ClassView;
  let second: ClassView;
  const begin = (as: Person, { id }: ClassView, size: number) =>
    request(small.url, `/api/classes/${id}/files`, { as, body: { name: 'a', size } });

  beforeAll(async () => {
    const limits = {
      fileBytes: 1_000,
      fileBytesPerDay: 2_500,
      fileBytesPerClass: 3_000,
      fileBytesPerServer: 4_000,
      uploadsPerUser: 3,
    };
    small = await startLimitedServer(limits, own.path);
    wei = await signUp(small.url, 'Wei');
    hong = await signUp(small.url, 'Hong');
    first = (await foundClass(small.url, wei, [hong])).classroom;
    second = (await foundClass(small.url, wei, [hong])).classroom;
  });
  afterAll(async () => {
    await small.stop();
    own.remove();
  });

  test('are said before, and kept', async () => {
    const said = () => ask<LimitsView>(small.url, `/api/limits?class=${first.id}`, { as: wei });
    expect(await said()).toEqual({
      file_bytes: 1_000,
      piece_bytes: 1024 * 1024,
      day_bytes: 2_500,
      day_left: 2_500,
      class_bytes: 3_000,
      class_left: 3_000,
      server_left: 4_000,
    });
    expect(await refusalOf(begin(wei, first, 1_001))).toBe('file_too_large');
    expect(await refusalOf(begin(wei, first, 1_000))).toBe('201');
    expect(await refusalOf(begin(wei, first, 1_000))).toBe('201');
    expect(await refusalOf(begin(wei, first, 501))).toBe('upload_allowance_used');
    expect(await said()).toMatchObject({ day_left: 500, class_left: 1_000, server_left: 2_000 });
    expect(await refusalOf(begin(wei, first, 500))).toBe('201');
    expect(await refusalOf(begin(wei, first, 0))).toBe('limit_reached');
    expect(await refusalOf(begin(hong, first, 501))).toBe('class_files_full');
    expect(await refusalOf(begin(hong, second, 1_000))).toBe('201');
    expect(await refusalOf(begin(hong, second, 501))).toBe('server_files_full');
  });

  test('of the disk are kept: what there is no room for is refused, and nothing is stored', async () => {
    const full = temporaryFolder('files-full');
    const crowded = await startLimitedServer({ freeBytes: Number.MAX_SAFE_INTEGER }, full.path);
    const { classroom } = await foundClass(crowded.url, await signUp(crowded.url, 'Wei'), []);
    const lone = await signUp(crowded.url, 'Hong');
    await ask(crowded.url, '/api/classes/join', { as: lone, body: { code: classroom.code } });
    const answer = request(crowded.url, `/api/classes/${classroom.id}/files`, {
      as: lone,
      body: { name: 'a', size: 1 },
    });
    expect(await refusalOf(answer)).toBe('server_files_full');
    expect(await ask<LimitsView>(crowded.url, '/api/limits', { as: lone })).toMatchObject({ server_left: 0 });
    await crowded.stop();
    full.remove();
  });
});

test('over two processes an upload goes on wherever its next piece arrives', async () => {
  const own = temporaryFolder('files-workers');
  const two = await startServerProcess(own.path, '--workers', '2');
  const wei = await signUp(two.url, 'Wei');
  const { classroom } = await foundClass(two.url, wei, []);
  const bytes = randomBytes(12_000);
  const { id } = await beginUpload(two.url, wei, classroom.id, { name: 'a', size: bytes.length });
  for (let offset = 0; offset < bytes.length; offset += 1_000) {
    const headers = {
      authorization: `Bearer ${wei.token}`,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      connection: 'close',
    };
    const body = bytes.subarray(offset, offset + 1_000);
    const { status } = await fetch(`${two.url}/api/files/${id}`, { method: 'PATCH', headers, body });
    expect([offset, status]).toEqual([offset, 200]);
  }
  const answer = await fetchFile(two.url, wei, `/files/${id}/a`);
  expect(Buffer.from(await answer.bytes()).equals(bytes)).toBe(true);
  await two.stop();
  own.remove();
});
