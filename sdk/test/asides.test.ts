import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../test/actors/server-process.ts';
import { followWhoIsHere, type WhoIsHere } from '../src/here.ts';
import { PokersClient, type ThreadNews } from '../src/index.ts';
import { followTypists, type Typist } from '../src/typists.ts';

const backoff = { minMs: 20, maxMs: 100 };
const folder = temporaryFolder('sdk-asides');
let server: ServerProcess;
let ming: PokersClient;
let anna: PokersClient;
let classroom: number;
let thread: number;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  [ming, anna] = (await Promise.all(['Ming', 'Anna'].map(arrive))) as [PokersClient, PokersClient];
  const physics = await ming.http.createClass({ name: 'Physics' });
  classroom = physics.id;
  await anna.http.joinClass(physics.code ?? '');
  thread = (await ming.http.createThread(classroom, { name: 'Exams' })).id;
  await Promise.all([ming.connect(), anna.connect()]);
});

afterAll(async () => {
  ming.close();
  anna.close();
  await server.stop();
  folder.remove();
});

async function arrive(name: string): Promise<PokersClient> {
  const client = new PokersClient({ url: server.url, backoff });
  await client.http.signUp({ name, email: `${name}@test.example`, password: 'long enough' });
  return client;
}

test('Anna hears of posts in a thread that she has not opened, also after her line broke', async () => {
  const heard: ThreadNews[] = [];
  const off = anna.on('news', (threads) => void heard.push(...threads));
  anna.watch();
  await ming.thread(thread).post('one');
  await until(() => heard.some(({ messages }) => messages === 1), 'news of the first post');
  expect(heard).toContainEqual({ class: classroom, thread, messages: 1, mentions: 0 });
  anna.close();
  await anna.connect();
  await ming.thread(thread).post('@Anna, two', { mentions: [anna.user?.id ?? 0] });
  await until(() => heard.some(({ messages }) => messages === 2), 'news of the second post');
  expect(heard).toContainEqual({ class: classroom, thread, messages: 2, mentions: 1 });
  off();
});

test('Ming types: Anna sees it until his message is there, and he himself does not', async () => {
  const [there, here] = [ming.thread(thread), anna.thread(thread)];
  await Promise.all([there.open(), here.open()]);
  let seen: readonly Typist[] = [];
  const own: (readonly Typist[])[] = [];
  const hers = followTypists(anna, here, (typists) => {
    seen = typists;
  });
  const his = followTypists(ming, there, (typists) => void own.push(typists));
  for (let key = 0; key < 20; key++) his.typed();
  await until(() => seen.length > 0, 'Anna to see that Ming types');
  expect(seen).toEqual([{ id: ming.user?.id ?? 0, name: 'Ming' }]);
  await there.post('typed');
  his.done();
  await until(() => seen.length === 0, 'Ming to have typed');
  expect(own).toEqual([]);
  hers.stop();
  his.stop();
});

test('Anna sees who of the class is here; over her own broken line nobody is, and then they are again', async () => {
  let now: WhoIsHere = { users: new Set(), count: 0 };
  const states: number[] = [];
  const stop = followWhoIsHere(anna, classroom, (here) => {
    now = { users: new Set(here.users), count: here.count };
    states.push(here.count);
  });
  const isHere = () => now.users.has(ming.user?.id ?? 0);
  await until(() => isHere() && now.count === 2, 'Ming to be here');
  ming.close();
  await until(() => !isHere(), 'Ming to be away');
  await ming.connect();
  await until(isHere, 'Ming to be here again');
  anna.close();
  await until(() => now.count === 0, 'nobody to be known');
  await anna.connect();
  await until(() => isHere() && now.users.has(anna.user?.id ?? 0), 'both to be here');
  stop();
  const told = states.length;
  ming.close();
  await until(async () => (await hereOverHttp()) === 1, 'Ming to be away');
  expect(states.length).toBe(told);
  await ming.connect();
});

/** What is said aside gathers for some seconds, so this waits longer than `until.ts`. */
async function until(holds: () => boolean | Promise<boolean>, hope: string): Promise<void> {
  for (const deadline = performance.now() + 15_000; !(await holds()); ) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${hope}.`);
    await Bun.sleep(10);
  }
}

async function hereOverHttp(): Promise<number> {
  const { count } = await anna.http.ask<{ count: number }>('GET', `/api/classes/${classroom}/presence`);
  return count;
}
