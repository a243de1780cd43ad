import { afterAll, beforeAll } from 'bun:test';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { classicRules } from '../classic/classic-rules.ts';

let redis: RedisServer;
let postgres: PostgresServer;
let database: string;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  database = await postgres.create();
}, 60_000);
afterAll(async () => {
  await Promise.all([redis.end(), postgres.end()]);
});

classicRules('of two processes on Redis and PostgreSQL', () => [
  ...['--workers', '2', '--bus', redis.url, '--database', database],
]);
