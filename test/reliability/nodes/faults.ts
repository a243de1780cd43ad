import type { Nodes } from '../../actors/nodes.ts';
import type { Chance } from '../chance.ts';

/** Something fails, and is well again when the promise resolves. */
export type Fault = (nodes: Nodes, chance: Chance) => Promise<void>;

/** How long something is away, in ms. */
const AWAY_MS = 700;

/** Longer than the nodes wait for a Redis that says nothing. */
const PAUSE_MS = 4_500;

/** Shorter than anybody waits for a PostgreSQL that says nothing. */
const SILENCE_MS = 3_000;

export const FAULTS = {
  async nodeKilled(nodes, chance) {
    await nodes.replace(chance.between(0, nodes.all.length - 1));
  },
  async nodesRenewed(nodes) {
    for (const index of nodes.all.keys()) await nodes.renew(index);
  },
  async redisKilled({ redis }) {
    await redis.kill();
    await Bun.sleep(AWAY_MS);
    await redis.restart();
  },
  async redisPaused({ redis }) {
    redis.pause();
    await Bun.sleep(PAUSE_MS);
    redis.goOn();
  },
  async redisCut({ redis }) {
    for (const type of ['pubsub', 'normal']) await redis.ask('CLIENT', 'KILL', 'TYPE', type);
  },
  async backendsTerminated({ postgres }) {
    await postgres.terminateBackends();
  },
  async postgresRestarted({ postgres }) {
    await postgres.kill();
    await Bun.sleep(AWAY_MS);
    await postgres.restart();
  },
  async bothAway({ redis, postgres }) {
    await Promise.all([redis.kill(), postgres.kill()]);
    await Bun.sleep(AWAY_MS);
    await Promise.all([redis.restart(), postgres.restart()]);
  },
  async postgresPaused({ postgres }) {
    postgres.pause();
    await Bun.sleep(SILENCE_MS);
    postgres.goOn();
  },
  async postgresSilent({ line }) {
    line.fallSilent();
    await Bun.sleep(SILENCE_MS);
    line.goOn();
  },
  async postgresCut({ line, postgres }) {
    line.cut();
    await Bun.sleep(AWAY_MS);
    line.leadTo(postgres.port);
  },
  async postgresFailsOver(nodes) {
    await nodes.failOver(AWAY_MS);
  },
} satisfies Record<string, Fault>;
