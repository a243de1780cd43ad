import type { BusEvent } from '@pokers/server/bus/bus';
import { redisAddress } from '@pokers/server/bus/redis/address';
import { RedisBus } from '@pokers/server/bus/redis-bus';
import { type BusUnderTest, type Participant, THREAD } from './bus-contract.ts';

/** A process on the Redis bus: here several share the test's process, each with a connection of its own. */
export interface RedisNode extends Participant {
  readonly bus: RedisBus;
  /** Threads that it was told to look into; 0 for all of them. */
  readonly gaps: number[];
  /** What it has logged. */
  readonly said: string[];
  /** Follows the thread, and waits until it is heard. */
  follow(thread: number): Promise<void>;
}

export interface RedisNodes extends BusUnderTest {
  readonly participants: readonly [RedisNode, RedisNode, RedisNode];
}

/** Three processes that follow one thread. @param urls where each finds Redis; the last is that of all others */
export async function startNodes(...urls: [string, ...string[]]): Promise<RedisNodes> {
  const at = (index: number): string => urls[index] ?? urls.at(-1) ?? '';
  const participants = [node('one', at(0)), node('two', at(1)), node('three', at(2))] as const;
  await Promise.all(participants.map(({ follow }) => follow(THREAD)));
  return {
    participants,
    async end() {
      await Promise.all(participants.map(({ bus }) => bus.close()));
    },
  };
}

function node(name: string, url: string): RedisNode {
  const said: string[] = [];
  const say = (...words: unknown[]): void => {
    said.push(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));
  };
  const bus = new RedisBus(redisAddress(url), { info: say, warn: say });
  const heard: (BusEvent | 'gap')[] = [];
  const gaps: number[] = [];
  bus.listen({
    onEvent: (event) => heard.push(event),
    onGap: (thread = 0) => gaps.push(thread),
  });
  return {
    name,
    bus,
    heard,
    gaps,
    said,
    publish: (event) => bus.publish(event),
    async follow(thread) {
      await eventually(() => bus.isUp);
      bus.follow(thread);
      await eventually(() => gaps.includes(thread));
    },
  };
}

export async function eventually(holds: () => boolean, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass in ${patienceMs} ms`);
    await Bun.sleep(5);
  }
}
