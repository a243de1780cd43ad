import { afterAll, beforeAll, expect, test } from 'bun:test';
import { LIMITS } from '@pokers/protocol/limits';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

const READERS = 50;

const folder = temporaryFolder('flood');
let server: ServerProcess;
let ming: Person;
let lily: Person;
let threads: { id: number; class: number }[];

beforeAll(async () => {
  server = await startLimitedServer({}, folder.path, '--classic', 'open');
  ming = await signUp(server.url, 'Ming');
  lily = await signUp(server.url, 'Lily');
  const { classroom, thread } = await foundClass(server.url, ming, [lily]);
  threads = [thread];
  for (let count = 1; count < 6; count++) threads.push(await openThread(server.url, ming, classroom.id));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const threadAt = (index: number) => threads[index] ?? { id: 0, class: 0 };
const postOf = (thread: number, content: string) => ({
  action: 'post',
  thread,
  content,
  nonce: crypto.randomUUID(),
});

test('a flood by one is held back, and fifty others get all that is stored, Lily’s posts among it', async () => {
  const { id } = threadAt(0);
  const readers = await Promise.all(
    Array.from({ length: READERS }, (_, index) => V2Client.open(server.socketUrl, index % 2 ? ming : lily)),
  );
  await Promise.all(readers.map((reader) => reader.get<'join'>({ action: 'join', thread: id })));
  const flooder = await V2Client.open(server.socketUrl, ming);
  const speaker = await V2Client.open(server.socketUrl, lily);

  const flood: Record<string, unknown>[] = [];
  while (flood.length < LIMITS.postsBurst + 300) {
    const wave = Array.from({ length: 200 }, (_, index) => flooder.ask(postOf(id, `flood ${index}`)));
    flood.push(...(await Promise.all(wave)));
  }
  const stored = flood.filter(({ op }) => op === 'post');
  const refused = flood.filter(({ op }) => op === 'error');
  expect(stored.length).toBeGreaterThanOrEqual(LIMITS.postsBurst);
  expect(stored.length).toBeLessThan(LIMITS.postsBurst + 100);
  expect(new Set(refused.map(({ error, code }) => `${error} ${code}`))).toEqual(new Set(['too_many 115']));
  expect(await flooder.ask({ action: 'ping' })).toMatchObject({ op: 'ping' }); // its connection goes on

  for (let count = 0; count < 5; count++) await speaker.get<'post'>(postOf(id, 'a word') as never);
  const last = stored.length + 5;
  for (const reader of readers) {
    await reader.socket.until((frame) => (frame.e as unknown[][] | undefined)?.at(-1)?.[0] === last);
    const seqs = reader.events().flatMap(({ e }) => e.map(([seq]) => seq));
    expect(seqs).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  }
  const metrics = await metricsOf(server);
  const counted = ['posts', 'changes'].map(
    (reason) => metrics.get(`pokers_refused_total{reason="${reason}"}`) ?? 0,
  );
  expect(counted.reduce((sum, count) => sum + count)).toBe(refused.length);
  for (const client of [...readers, flooder, speaker]) client.close();
});

test('over HTTP the flood is told when to come back, and then may', async () => {
  const { id } = threadAt(1);
  const post = () => request(server.url, `/api/threads/${id}/messages`, { as: lily, body: { content: 'x' } });
  const answers = await Promise.all(Array.from({ length: LIMITS.postsBurst + 20 }, post));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(5);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBe(1);
  expect(await refused[0]?.json()).toMatchObject({ code: 115, error: 'too_many' });
  await Bun.sleep(1_000);
  expect((await post()).status).toBe(201);
});

test('what one changes in all threads together is limited too', async () => {
  const hong = await signUp(server.url, 'Hong');
  const { classroom } = await foundClass(server.url, hong, []);
  const create = () =>
    request(server.url, `/api/classes/${classroom.id}/threads`, { as: hong, body: { name: 'one more' } });
  const answers = await Promise.all(Array.from({ length: LIMITS.changesBurst + 300 }, create));
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(5);
});

test('who sends frames faster than anyone can use them is sent away, and may come back', async () => {
  const frantic = await V2Client.open(server.socketUrl, ming);
  for (let sent = 0; sent < LIMITS.framesBurst + LIMITS.framesPerSecond * 2; sent++) {
    frantic.socket.send({ action: 'ping' });
    if (sent % 100 === 0) await Bun.sleep(1); // or too many would wait for their turn
  }
  expect((await frantic.socket.closed).code).toBe(4003);
  (await V2Client.open(server.socketUrl, ming)).close();
});

test('a classic client that announces without end is answered as one that asks for nothing sensible', async () => {
  const thread = threadAt(2);
  const { id } = await postOverHttp(server.url, ming, thread.id, 'hello');
  const classic = await SocketClient.open(server.socketUrl);
  const frame = { thread_id: thread.id, class_id: thread.class, speaker: ming.id, speaker_name: ming.name };
  for (let sent = 0; sent < LIMITS.postsBurst + 100; sent++) {
    classic.send({ ...frame, action: 'send', mes_id: id });
    if (sent % 100 === 0) await Bun.sleep(1);
  }
  await classic.until(({ code }) => code === 105);
  await classic.until(({ code }) => code === 104);
  classic.send({ ...frame, action: 'join' });
  await classic.until(({ code }) => code === 100); // its connection goes on
  classic.close();
});
