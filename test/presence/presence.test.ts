import { afterAll, beforeAll, expect, test } from 'bun:test';
import { MemoryBus } from '@pokers/server/bus/memory-bus';
import { ProcessBus } from '@pokers/server/bus/process-bus';
import type { BusMessage } from '@pokers/server/bus/process-messages';
import { redisAddress } from '@pokers/server/bus/redis/address';
import { RedisBus } from '@pokers/server/bus/redis-bus';
import { Relay, type RelayPeer } from '@pokers/server/bus/relay';
import { Signals } from '@pokers/server/bus/signals';
import { Nodes } from '@pokers/server/presence/nodes';
import { Presence } from '@pokers/server/presence/presence';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { presenceContract } from './presence-contract.ts';

const LOG = { info: () => undefined, warn: () => undefined };

/** As much longer than a node may be in coming back to Redis (0.8 s) as in a server. */
const LOST_BEATS = 40;

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.end());

presenceContract('in memory', async () => ({ buses: [new MemoryBus()], end: async () => undefined }));

presenceContract('between processes', async () => {
  const relay = new Relay();
  const peers: RelayPeer[] = [];
  const buses = [1, 2, 3].map(() => {
    let receive: (message: unknown) => void = () => undefined;
    const peer: RelayPeer = {
      send: (message: BusMessage) => setImmediate(() => receive(structuredClone(message))),
      overrun: () => undefined,
    };
    relay.add(peer);
    peers.push(peer);
    const line = {
      send: (message: BusMessage) => setImmediate(() => relay.receive(peer, structuredClone(message))),
      onMessage: (listener: (message: unknown) => void) => {
        receive = listener;
      },
    };
    return new ProcessBus(line, () => undefined);
  });
  return { buses, end: async () => void (await Promise.all(buses.map((bus) => bus.close()))) };
});

presenceContract('of Redis', async () => {
  const buses = [1, 2, 3].map(() => new RedisBus(redisAddress(redis.url), LOG));
  while (!buses.every(({ isUp }) => isUp)) await Bun.sleep(5);
  return {
    buses,
    silence: (index) => buses[index]?.close() ?? Promise.resolve(),
    end: async () => void (await Promise.all(buses.map((bus) => bus.close()))),
  };
});

test('while Redis is away nobody seems to be gone; who came and went meanwhile is known soon after', async () => {
  const own = await startRedis();
  const sites = [1, 2].map(() => {
    const bus = new RedisBus(redisAddress(own.url), LOG);
    const signals = new Signals(bus);
    bus.listen({
      onEvent: (event) => void (event.kind === 'signal' && signals.receive(event)),
      onGap: () => undefined,
    });
    const nodes = new Nodes(signals, { beatMs: 50, lostBeats: LOST_BEATS });
    const changes: string[] = [];
    const presence = new Presence(signals, nodes, (user, isHere) => changes.push(`${user} ${isHere}`));
    return { bus, nodes, presence, changes };
  });
  const [one, two] = sites;
  if (!one || !two) throw new Error('there are two');
  const eventually = async (holds: () => boolean): Promise<void> => {
    const deadline = Date.now() + 8_000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error('it did not come to pass in 8 s');
      await Bun.sleep(5);
    }
  };
  await eventually(() => one.bus.isUp && two.bus.isUp);
  one.presence.came(1);
  one.presence.came(2);
  await eventually(() => two.presence.size === 2);
  await own.kill();
  await eventually(() => !one.bus.isUp && !two.bus.isUp);
  one.presence.left(2);
  one.presence.came(3);
  await Bun.sleep(50 * LOST_BEATS + 300); // more than the beats after which a node counts as gone
  expect(two.changes).toEqual(['1 true', '2 true']);
  await own.restart();
  await eventually(() => two.presence.isHere(3) && !two.presence.isHere(2));
  expect(two.changes).not.toContain('1 false');
  for (const { presence, nodes, bus } of sites) {
    presence.stop();
    nodes.stop();
    await bus.close();
  }
  await own.end();
}, 30_000);
