import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './server-process.ts';

/** Several servers, as on several machines: they have a Redis and a PostgreSQL in common, and nothing else. */
export interface Nodes {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  /** The URL of their database. */
  readonly database: string;
  /** Of a node that was ended, the one in its place. */
  node(index: number): ServerProcess;
  readonly all: readonly ServerProcess[];
  /** SIGKILL, and another in its place. */
  replace(index: number): Promise<void>;
  end(): Promise<void>;
}

export async function startNodes(count: number, ...options: string[]): Promise<Nodes> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const database = await postgres.create();
  const folders = Array.from({ length: count }, (_, index) => temporaryFolder(`node-${index}`));
  const start = (index: number): Promise<ServerProcess> =>
    startServerProcess(folders[index]?.path ?? '', '--database', database, '--bus', redis.url, ...options);
  const all = await Promise.all(folders.map((_, index) => start(index))).catch(async (error) => {
    await Promise.all([redis.end(), postgres.end()]);
    throw error;
  });
  const node = (index: number): ServerProcess => {
    const found = all[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  return {
    redis,
    postgres,
    database,
    node,
    all,
    async replace(index) {
      await node(index).stop('SIGKILL');
      all[index] = await start(index);
    },
    async end() {
      await Promise.all(all.map((server) => server.stop('SIGKILL')));
      await Promise.all([redis.end(), postgres.end()]);
      for (const folder of folders) folder.remove();
    },
  };
}
