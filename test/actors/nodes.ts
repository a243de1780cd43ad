import { type PostgresServer, startPostgres } from './postgres-server.ts';
import { type RedisServer, startRedis } from './redis-server.ts';
import { type Relay, startRelay } from './relay.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './server-process.ts';

/** Several servers, as on several machines: they have a Redis and a PostgreSQL in common, and nothing else. */
export interface Nodes {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  /** The way to PostgreSQL, for all of them. */
  readonly line: Relay;
  /** The URL of their database: its address stays, whichever PostgreSQL is behind it. */
  readonly database: string;
  /** Of a node that was ended, the one in its place. */
  node(index: number): ServerProcess;
  readonly all: readonly ServerProcess[];
  /** SIGKILL, and another in its place. */
  replace(index: number): Promise<void>;
  /** As when it is updated: SIGTERM, and another in its place once it has ended well. */
  renew(index: number): Promise<void>;
  /** Gives PostgreSQL a standby that has every commit, and some time later kills the first one and lets that take over. */
  failOver(afterMs: number): Promise<void>;
  end(): Promise<void>;
}

export async function startNodes(count: number, ...options: string[]): Promise<Nodes> {
  const [redis, first] = await Promise.all([startRedis(), startPostgres()]);
  let postgres = first;
  const line = await startRelay(postgres.port);
  const atLine = new URL(await postgres.create());
  atLine.port = String(line.port);
  const database = atLine.href;
  const folders = Array.from({ length: count }, (_, index) => temporaryFolder(`node-${index}`));
  const start = (index: number): Promise<ServerProcess> =>
    startServerProcess(folders[index]?.path ?? '', '--database', database, '--bus', redis.url, ...options);
  const all = await Promise.all(folders.map((_, index) => start(index))).catch(async (error) => {
    await Promise.all([redis.end(), postgres.end(), line.end()]);
    throw error;
  });
  const node = (index: number): ServerProcess => {
    const found = all[index];
    if (!found) throw new Error(`there is no node ${index}`);
    return found;
  };
  return {
    redis,
    get postgres() {
      return postgres;
    },
    line,
    database,
    node,
    all,
    async replace(index) {
      await node(index).stop('SIGKILL');
      all[index] = await start(index);
    },
    async renew(index) {
      const code = await node(index).stop();
      if (code !== 0) throw new Error(`node ${index} ended with ${code}`);
      all[index] = await start(index);
    },
    async failOver(afterMs) {
      const standby = await postgres.follow();
      await Bun.sleep(afterMs);
      await postgres.end();
      postgres = await standby.promote();
      line.leadTo(postgres.port);
    },
    async end() {
      await Promise.all(all.map((server) => server.stop('SIGKILL')));
      await Promise.all([redis.end(), postgres.end(), line.end()]);
      for (const folder of folders) folder.remove();
    },
  };
}
