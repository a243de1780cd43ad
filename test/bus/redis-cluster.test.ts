import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ThreadEvent } from '@pokers/server/bus/bus';
import { type RedisCluster, startCluster } from '../actors/redis-cluster.ts';
import { busContract, eventOf, THREAD } from './bus-contract.ts';
import { eventually, type RedisNodes, startNodes } from './redis-nodes.ts';

let cluster: RedisCluster;
let urls: [string, ...string[]];

beforeAll(async () => {
  cluster = await startCluster(3);
  const [first = '', ...others] = cluster.servers.map(({ url }) => url);
  urls = [first, ...others];
});
afterAll(() => cluster.end());

busContract('of a cluster of three, each node let in by another server', () => startNodes(...urls));

test('threads are shared out among the servers, and each is heard', async () => {
  const nodes = await startNodes(...urls);
  const [one, two, three] = nodes.participants;
  const threads = Array.from({ length: 60 }, (_, index) => 100 + index);
  for (const node of [two, three]) for (const thread of threads) await node.follow(thread);
  for (const thread of threads) one.publish(inThread(thread, `of ${thread}`));
  await eventually(() => [two, three].every(({ heard }) => heard.length === threads.length));
  const counts = await Promise.all(
    cluster.servers.map(async (server) => {
      const channels = (await server.ask('PUBSUB', 'SHARDCHANNELS', 'pokers/0/*')) as string[];
      return channels.filter((channel) => threads.includes(Number(channel.split('/')[2]))).length;
    }),
  );
  expect(counts.every((count) => count > 0)).toBe(true);
  expect(counts.reduce((sum, count) => sum + count)).toBe(threads.length);
  await nodes.end();
});

test('a thread whose part of the cluster moves to another server is heard there, and looked into', async () => {
  const nodes = await startNodes(...urls);
  await cluster.move(`pokers/0/${THREAD}`);
  const [one, two] = nodes.participants;
  await eventually(() =>
    nodes.participants.every(({ gaps }) => gaps.filter((gap) => gap === THREAD).length > 1),
  );
  await hearEachOther(nodes);
  one.publish(eventOf('announced', 'announced'));
  await eventually(
    () => two.heard.filter((event) => event !== 'gap' && event.kind === 'announced').length === 1,
  );
  await nodes.end();
}, 30_000);

test('one server of the cluster is killed and comes back: nobody stays deaf, and posts go on', async () => {
  const nodes = await startNodes(...urls);
  const [, victim] = cluster.servers;
  await victim?.kill();
  await eventually(() => nodes.participants.every(({ bus }) => !bus.isUp));
  for (const { publish, name } of nodes.participants) publish(eventOf(`meanwhile ${name}`));
  await victim?.restart();
  await eventually(() => nodes.participants.every(({ bus }) => bus.isUp), 20_000);
  await hearEachOther(nodes);
  await nodes.end();
}, 60_000);

/** Tries until all hear all: a cluster takes some seconds until it agrees that it is whole. */
async function hearEachOther({ participants }: RedisNodes): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (let round = 0; ; round++) {
    for (const { publish, name } of participants) publish(eventOf(`${round} of ${name}`));
    await Bun.sleep(100);
    const isHeard = participants.every(({ heard }) =>
      participants.every(({ name }) =>
        heard.some(
          (event) => event !== 'gap' && 'message' in event && event.message.content === `${round} of ${name}`,
        ),
      ),
    );
    if (isHeard) return;
    if (Date.now() > deadline) throw new Error('somebody is deaf');
  }
}

function inThread(thread: number, content: string): ThreadEvent {
  const { kind, message } = eventOf(content);
  return { kind, message: { ...message, thread } };
}
