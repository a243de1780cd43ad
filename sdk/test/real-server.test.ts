import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../test/actors/server-process.ts';
import { FileOutboxStore } from '../src/file-outbox.ts';
import { PokersClient, PokersError } from '../src/index.ts';
import { until } from './until.ts';

const backoff = { minMs: 20, maxMs: 100 };
const folder = temporaryFolder('sdk');
let server: ServerProcess;
let ming: PokersClient;
let anna: PokersClient;
let thread: number;
let code: string;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [ming, anna] = (await Promise.all(['Ming', 'Anna'].map(arrive))) as [PokersClient, PokersClient];
  const physics = await ming.http.createClass({ name: 'Physics' });
  code = physics.code ?? '';
  await anna.http.joinClass(code);
  thread = (await ming.http.createThread(physics.id, { name: 'Exams' })).id;
});

afterAll(async () => {
  ming.close();
  anna.close();
  await server.stop();
  folder.remove();
});

/** Someone with an account and a client that has not connected yet. */
async function arrive(name: string): Promise<PokersClient> {
  const client = new PokersClient({ url: server.url, backoff });
  await client.http.signUp({ name, email: `${name}@test.example`, password: 'long enough' });
  return client;
}

const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

test('Ming and Anna talk, each knowing the other’s name', async () => {
  await Promise.all([ming.connect(), anna.connect()]);
  expect(ming.user?.name).toBe('Ming');
  await Promise.all([ming.thread(thread).open(), anna.thread(thread).open()]);
  const posted = await anna.thread(thread).post('When is the exam?');
  await until(() => ming.thread(thread).seq === posted.seq, 'Ming to hear Anna');
  expect(ming.thread(thread).messages.at(-1)).toMatchObject({
    ...posted,
    name: 'Anna',
    content: 'When is the exam?',
  });
});

test('the lists of the API are what the types say', async () => {
  expect((await anna.http.me()).name).toBe('Anna');
  const [physics] = await anna.http.classes();
  expect(physics).toMatchObject({ name: 'Physics', role: 'student', members: 2 });
  expect((await anna.http.members(physics?.id ?? 0)).map((member) => member.name).sort()).toEqual([
    'Anna',
    'Ming',
  ]);
  expect((await anna.http.threads(physics?.id ?? 0)).map((each) => each.id)).toEqual([thread]);
  const page = await anna.http.messages(thread, { limit: 1 });
  expect(page.messages.map((message) => message.content)).toEqual(['When is the exam?']);
  const again = { content: 'Over HTTP', nonce: 'once' };
  const ids = [await anna.http.postMessage(thread, again), await anna.http.postMessage(thread, again)].map(
    (m) => m.id,
  );
  expect(ids[0]).toBe(ids[1]);
});

test('who is not in the class is told so, on both doors', async () => {
  const oscar = await arrive('Oscar');
  await oscar.connect();
  expect(await failure(oscar.thread(thread).open())).toMatchObject({ error: 'thread_not_found' });
  expect(await failure(oscar.http.messages(thread))).toMatchObject({ error: 'thread_not_found' });
  expect(await failure(oscar.http.joinClass('nonsense'))).toMatchObject({ error: 'join_code_not_found' });
  oscar.close();
});

test('without a session there is no connection', async () => {
  const nobody = new PokersClient({ url: server.url });
  const error = await failure(nobody.connect());
  expect(error).toBeInstanceOf(PokersError);
  expect(error).toMatchObject({ code: 4101, error: 'sign_in_required' });
});

test('when the server dies in the middle of it all, every post is stored once and in order, and seen by both', async () => {
  const port = String(server.port);
  const posts: Promise<{ id: number }>[] = [];
  for (let i = 0; i < 60; i++) posts.push(anna.thread(thread).post(`post ${i}`));
  await posts[5];
  await server.stop('SIGKILL');
  for (let i = 60; i < 90; i++) posts.push(anna.thread(thread).post(`post ${i}`));
  server = await startServerProcess(folder.path, '--port', port);
  const ids = (await Promise.all(posts)).map((post) => post.id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  const expected = Array.from({ length: 90 }, (_, i) => `post ${i}`);
  for (const channel of [ming.thread(thread), anna.thread(thread)]) {
    const seen = () =>
      channel.messages.map((message) => message.content).filter((text) => text.startsWith('post'));
    await until(() => seen().length >= 90, 'all posts to be seen');
    expect(seen()).toEqual(expected);
  }
}, 20_000);

test('when server and program die together, all that was written is carried out once after both are back', async () => {
  const port = String(server.port);
  const code = (await ming.http.classes())[0]?.code ?? '';
  const bot = await arrive('Bot');
  await bot.http.joinClass(code);
  const physics = (await bot.http.classes())[0]?.id ?? 0;
  const quiz = (await ming.http.createThread(physics, { name: 'Quiz' })).id;
  const token = bot.http.token ?? '';
  const start = () =>
    new PokersClient({
      url: server.url,
      token,
      backoff,
      outbox: new FileOutboxStore(join(folder.path, 'bot.jsonl')),
    });

  let client = start();
  await client.connect();
  const first = await client.thread(quiz).post('Qestion 1');
  await client.thread(quiz).open();
  const lost = (promise: Promise<unknown>) => promise.catch(() => undefined);
  const commands = () => {
    const channel = client.thread(quiz);
    for (let i = 0; i < 20; i++) void lost(channel.post(`answer ${i}`));
    void lost(channel.edit(first.id, 'Question 1'));
    void lost(channel.react(first.id, '👍', true));
    void lost(channel.markRead(first.id));
    for (let i = 20; i < 30; i++) void lost(channel.post(`answer ${i}`));
  };
  commands();
  await until(() => client.thread(quiz).messages.length > 5, 'some of it to be carried out');
  await server.stop('SIGKILL');
  await client.outbox.saved();
  expect(client.outbox.entries().length).toBeGreaterThan(5);
  client.close();

  server = await startServerProcess(folder.path, '--port', port);
  client = start();
  await client.connect();
  await client.outbox.saved();
  await until(() => client.outbox.entries().length === 0, 'the outbox to be empty');
  await client.outbox.saved();
  const { messages } = await client.http.messages(quiz);
  expect(messages.map((message) => message.content)).toEqual([
    'Question 1',
    ...Array.from({ length: 30 }, (_, i) => `answer ${i}`),
  ]);
  expect(messages[0]).toMatchObject({ id: first.id, reactions: [{ emoji: '👍', count: 1 }] });
  // 31 messages, an edit and a reaction: nothing was carried out twice.
  expect((await client.http.messages(quiz, { after: 0 })).seq).toBe(33);
  const read = await client.http.markRead(quiz, first.id);
  expect(read.unread).toBeLessThanOrEqual(30);

  await client.thread(quiz).delete(first.id);
  expect(await client.http.deleteMessage(first.id).then((message) => message.deleted)).toBeDefined();
  const pin = await client.http.pinMessage(messages[1]?.id ?? 0, { on: true }).catch((error) => error);
  expect(pin).toMatchObject({ error: 'forbidden' });
  client.close();
}, 30_000);
