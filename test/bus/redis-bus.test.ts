import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { BusEvent, ThreadEvent } from '@pokers/server/bus/bus';
import { redisAddress } from '@pokers/server/bus/redis/address';
import { RedisBus } from '@pokers/server/bus/redis-bus';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { busContract, eventOf, THREAD } from './bus-contract.ts';
import { eventually, type RedisNode, type RedisNodes, startNodes } from './redis-nodes.ts';
import { type StallingProxy, startProxy } from './stalling-proxy.ts';

let redis: RedisServer;
let nodes: RedisNodes;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.end());

busContract('of Redis, between three nodes', () => startNodes(redis.url));

beforeEach(async () => {
  nodes = await startNodes(redis.url);
});
afterEach(() => nodes.end());

test('a node hears only the threads that it follows', async () => {
  const [one, two] = nodes.participants;
  await two.follow(2);
  one.publish(inThread(2, 'for two alone'));
  one.publish(eventOf('for all'));
  await everyoneHears('for all');
  await eventually(() => contents(two).includes('for two alone'));
  expect(contents(one)).toEqual(['for all']);
  two.bus.unfollow(2);
  two.bus.follow(3);
  await eventually(() => two.gaps.includes(3));
  one.publish(inThread(2, 'to nobody'));
  one.publish(eventOf('barrier'));
  await everyoneHears('barrier');
  expect(contents(two)).not.toContain('to nobody');
});

test('who follows a thread is told to look once it is heard, so that nothing falls in between', async () => {
  const [one, two] = nodes.participants;
  for (let thread = 10; thread < 1_500; thread++) two.bus.follow(thread);
  await eventually(() => two.gaps.filter((thread) => thread >= 10).length === 1_490);
  one.publish(inThread(1_499, 'heard'));
  await eventually(() => contents(two).includes('heard'));
});

test('Redis is killed: posts go on, those here hear them at once; when it is back all hear all again', async () => {
  const [one, two, three] = nodes.participants;
  forget();
  await redis.kill();
  await eventually(() => nodes.participants.every(({ bus }) => !bus.isUp));
  await eventually(() => nodes.participants.every(({ gaps }) => gaps.includes(0)));
  one.publish(eventOf('stored meanwhile'));
  one.publish(eventOf('announced meanwhile', 'announced'));
  one.publish({ kind: 'sessions-ended', user: 9 });
  expect(one.heard.length).toBe(3);
  expect(two.heard).toEqual([]);
  forget();
  await redis.restart();
  await allAreUp();
  // What is durable is looked up; what is not comes now, and not once more to where it was heard.
  const announced = eventOf('announced meanwhile', 'announced');
  const ended: BusEvent = { kind: 'sessions-ended', user: 9 };
  await eventually(() => two.heard.length === 2 && three.heard.length === 2);
  for (const { heard } of [two, three]) {
    expect(heard).toContainEqual(announced);
    expect(heard).toContainEqual(ended);
  }
  await eventually(() => nodes.participants.every(({ gaps }) => gaps.includes(0)));
  for (const each of nodes.participants) each.publish(eventOf(`again ${each.name}`));
  for (const { name } of nodes.participants) await everyoneHears(`again ${name}`);
  expect(contents(one).filter((content) => !content.startsWith('again'))).toEqual([]);
  expect(one.said.length).toBe(2);
});

test('Redis stands still: it is noticed within seconds, and when it goes on all hear all again', async () => {
  const [one, two] = nodes.participants;
  forget();
  redis.pause();
  one.publish(eventOf('under way', 'announced'));
  await eventually(() => nodes.participants.every(({ bus }) => !bus.isUp));
  redis.goOn();
  await allAreUp();
  // It may have arrived before the line was given up, or after; once it is.
  await everyoneHears('under way');
  two.publish(eventOf('after it'));
  one.publish(eventOf('and more'));
  await everyoneHears('after it');
  await everyoneHears('and more');
  for (const listener of nodes.participants)
    expect(contents(listener).toSorted()).toEqual(['after it', 'and more', 'under way']);
}, 30_000);

test('connections are killed one by one while many publish: nobody stays deaf, no announcement comes twice', async () => {
  const [one, two, three] = nodes.participants;
  let published = 0;
  for (let round = 0; round < 10; round++) {
    for (let index = 0; index < 20; index++) {
      for (const node of nodes.participants)
        node.publish(eventOf(`${node.name}/${published++}`, 'announced'));
      await Bun.sleep(1);
    }
    await redis.ask('CLIENT', 'KILL', 'TYPE', round % 2 === 0 ? 'pubsub' : 'normal');
  }
  await allAreUp();
  for (const node of nodes.participants) node.publish(eventOf(`end of ${node.name}`));
  for (const { name } of nodes.participants) await everyoneHears(`end of ${name}`);
  for (const listener of [one, two, three]) {
    const all = contents(listener);
    expect(new Set(all).size).toBe(all.length);
  }
}, 30_000);

test('what no Pokers wrote is ignored and said, once; what a newer one wrote is looked up', async () => {
  const [one, two] = nodes.participants;
  forget();
  for (const text of ['', '{', '[]', 'null', '["x",1,0,{}]', '["x","1",0,[]]', '[[[[[[[[[[']) {
    await redis.ask('PUBLISH', `pokers/0/${THREAD}`, text);
    await redis.ask('PUBLISH', 'pokers/0/all', text);
  }
  await redis.ask('PUBLISH', `pokers/0/${THREAD}`, '["newer",1,0,[["z",1,2,3],["c",[1,"2"]]]]');
  await eventually(() => two.gaps.includes(THREAD));
  one.publish(eventOf('goes on'));
  await everyoneHears('goes on');
  expect(two.heard.length).toBe(1);
  expect(two.said.length).toBe(1);
});

test('more than can be held while Redis is away: everyone is told to look at everything', async () => {
  const [one, two] = nodes.participants;
  await redis.kill();
  await eventually(() => nodes.participants.every(({ bus }) => !bus.isUp));
  for (let count = 0; count < 2_500; count++) one.publish(eventOf(`${count}`, 'announced'));
  expect(one.heard.length).toBe(2_500);
  await redis.restart();
  await allAreUp();
  forget();
  one.publish(eventOf('goes on'));
  await everyoneHears('goes on');
  expect(contents(two).length).toBeLessThan(2_500);
});

test('installations on other databases of the same server hear nothing of each other', async () => {
  const others = await startNodes(`${redis.url}/1`);
  others.participants[0].publish(eventOf('from another school'));
  await eventually(() => contents(others.participants[1]).length === 1);
  nodes.participants[0].publish(eventOf('ours'));
  await everyoneHears('ours');
  expect(contents(nodes.participants[0])).toEqual(['ours']);
  await others.end();
});

test('a line that carries nothing any more is noticed, on one node alone; others go on meanwhile', async () => {
  const proxy: StallingProxy = await startProxy(redis.port);
  const mixed = await startNodes(proxy.url, redis.url);
  const [cut, two, three] = mixed.participants;
  proxy.stall();
  await eventually(() => !cut.bus.isUp);
  expect(two.bus.isUp).toBe(true);
  cut.publish(eventOf('said alone', 'announced'));
  cut.publish(eventOf('stored alone'));
  two.publish(eventOf('said to three'));
  await eventually(() => contents(three).includes('said to three'));
  expect(contents(cut)).toEqual(['said alone', 'stored alone']);
  two.gaps.length = 0;
  cut.gaps.length = 0;
  proxy.goOn();
  await eventually(() => cut.bus.isUp && contents(two).includes('said alone') && two.gaps.includes(THREAD));
  await eventually(() => cut.gaps.includes(0));
  two.publish(eventOf('all again'));
  await eventually(() => contents(cut).includes('all again'));
  await mixed.end();
  await proxy.end();
}, 30_000);

test('a server that asks for a password is given it, and a wrong one is said without being shown', async () => {
  const guarded = await startRedis('--requirepass', 's3cret:/@');
  const url = (password: string) => guarded.url.replace('//', `//:${encodeURIComponent(password)}@`);
  const good = await startNodes(url('s3cret:/@'));
  await good.end();
  const said: string[] = [];
  const log = { info: () => undefined, warn: (text: unknown) => void said.push(String(text)) };
  const bus = new RedisBus(redisAddress(url('guessed')), log);
  await eventually(() => said.length > 0);
  expect(said[0]).toContain('WRONGPASS');
  expect(said[0]).not.toContain('guessed');
  await bus.close();
  await guarded.end();
});

async function allAreUp(): Promise<void> {
  await eventually(() => nodes.participants.every(({ bus }) => bus.isUp));
}

async function everyoneHears(content: string): Promise<void> {
  await eventually(() => nodes.participants.every((listener) => contents(listener).includes(content)));
}

function forget(): void {
  for (const { heard, gaps } of nodes.participants) {
    heard.length = 0;
    gaps.length = 0;
  }
}

function contents({ heard }: RedisNode): string[] {
  return heard.flatMap((event) => (isThreadEvent(event) ? (event.message.content ?? '') : []));
}

function isThreadEvent(event: BusEvent | 'gap'): event is ThreadEvent {
  return event !== 'gap' && 'message' in event;
}

function inThread(thread: number, content: string): ThreadEvent {
  const { kind, message } = eventOf(content);
  return { kind, message: { ...message, thread } };
}
