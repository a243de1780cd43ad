import { afterAll, beforeAll } from 'bun:test';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { classicRules } from '../classic/classic-rules.ts';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.end());

classicRules('of two processes on Redis', () => ['--workers', '2', '--bus', redis.url]);
