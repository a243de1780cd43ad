import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../test/actors/server-process.ts';
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
  code = physics.code;
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
