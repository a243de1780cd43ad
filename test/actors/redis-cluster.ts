import slotOf from 'cluster-key-slot';
import { type RedisServer, startRedis } from './redis-server.ts';

/** Redis servers that share all slots equally, without replicas. */
export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  /** The channel's slot goes to another server, as when a cluster is shared out anew. */
  move(channel: string): Promise<void>;
  end(): Promise<void>;
}

const SLOTS = 16_384;

export async function startCluster(size: number): Promise<RedisCluster> {
  const servers = await Promise.all(
    Array.from({ length: size }, () =>
      startRedis('--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'),
    ),
  );
  const [first] = servers;
  const firstOf = (index: number): number => Math.floor((index * SLOTS) / size);
  for (const [index, server] of servers.entries()) {
    await server.ask('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await server.ask('CLUSTER', 'ADDSLOTSRANGE', String(firstOf(index)), String(firstOf(index + 1) - 1));
    if (server !== first) await first?.ask('CLUSTER', 'MEET', '127.0.0.1', String(server.port));
  }
  const ids = await Promise.all(servers.map((server) => server.ask('CLUSTER', 'MYID')));
  await agreed(servers);
  return {
    servers,
    async move(channel) {
      const slot = slotOf(channel);
      const owner = servers.findIndex((_, index) => firstOf(index) <= slot && slot < firstOf(index + 1));
      const target = (owner + 1) % size;
      // The one that gets it is told first: else the other would not know to whom it goes.
      for (const index of [target, owner, ...servers.keys()]) {
        await servers[index]?.ask('CLUSTER', 'SETSLOT', String(slot), 'NODE', String(ids[target]));
      }
    },
    async end() {
      await Promise.all(servers.map((server) => server.end()));
    },
  };
}

/** Every server knows that all slots are there, and which server has them. */
async function agreed(servers: readonly RedisServer[]): Promise<void> {
  const isGood = async (server: RedisServer): Promise<boolean> => {
    const info = String(await server.ask('CLUSTER', 'INFO'));
    return info.includes('cluster_state:ok') && info.includes(`cluster_size:${servers.length}`);
  };
  const deadline = Date.now() + 20_000;
  while (!(await Promise.all(servers.map(isGood))).every(Boolean)) {
    if (Date.now() > deadline) throw new Error('the cluster did not come together in 20 s');
    await Bun.sleep(50);
  }
}
