import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** So many that no process has all of them: the kernel shares them out by chance. */
const CLIENTS = 16;

const folder = temporaryFolder('asides-on-redis');
let redis: RedisServer;
let server: ServerProcess;
let ming: Person;
let lily: Person;
let omar: Person;
let classroom: ClassView;
let thread: ThreadView;
let hers: V2Client[];

beforeAll(async () => {
  redis = await startRedis();
  server = await startServerProcess(folder.path, '--workers', '3', '--bus', redis.url);
  [ming, lily, omar] = (await Promise.all(
    ['Ming', 'Lily', 'Omar'].map((name) => signUp(server.url, name)),
  )) as [Person, Person, Person];
  ({ classroom, thread } = await foundClass(server.url, ming, [lily, omar]));
  hers = await Promise.all(Array.from({ length: CLIENTS }, () => V2Client.open(server.socketUrl, lily)));
});
afterAll(async () => {
  for (const client of hers) client.close();
  await server.stop();
  await redis.end();
  folder.remove();
});

const framesOf = (client: V2Client, op: string): Record<string, unknown>[] =>
  client.socket.frames.map((text) => JSON.parse(text)).filter((frame) => frame.op === op);

test('on every process Lily hears of posts in a thread that she has not joined', async () => {
  const there = await openThread(server.url, ming, classroom.id, 'Elsewhere');
  for (const client of hers) await client.get<'watch'>({ action: 'watch', on: true });
  for (let count = 0; count < 6; count++) await postOverHttp(server.url, ming, there.id, `post ${count}`);
  const hasHeard = (client: V2Client) =>
    framesOf(client, 'news').some(({ threads }) =>
      (threads as number[][]).some(([, id, messages]) => id === there.id && messages === 6),
    );
  await eventually(() => hers.every(hasHeard));
});

test('on every process those in the thread hear that Ming types', async () => {
  for (const client of hers) await client.get<'join'>({ action: 'join', thread: thread.id });
  const his = await V2Client.open(server.socketUrl, ming);
  // Redis may not follow the thread everywhere yet, and a word that is lost is said again.
  await eventually(async () => {
    await his.get<'typing'>({ action: 'typing', thread: thread.id });
    return hers.every((client) => framesOf(client, 'typists').length > 0);
  });
  expect(framesOf(hers[0] as V2Client, 'typists')[0]).toMatchObject({ u: [[ming.id, ming.name]] });
  his.close();
});

test('on every process Lily sees that Omar comes and goes, wherever he is', async () => {
  for (const client of hers)
    await client.get<'presence'>({ action: 'presence', class: classroom.id, on: true });
  const tells = (field: 'came' | 'left') => (client: V2Client) =>
    framesOf(client, 'here').some((frame) => (frame[field] as number[]).includes(omar.id));
  const his = await V2Client.open(server.socketUrl, omar);
  await eventually(() => hers.every(tells('came')));
  his.close();
  await eventually(() => hers.every(tells('left')));
});

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 15 s');
    await Bun.sleep(50);
  }
}
