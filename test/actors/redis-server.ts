import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Subprocess } from 'bun';
import { Redis } from 'ioredis';
import { temporaryFolder } from './server-process.ts';

/** The server's program: Redis or Valkey. REDIS_SERVER tells another. */
export function findRedis(): string | undefined {
  const told = process.env.REDIS_SERVER;
  if (told) return existsSync(told) ? told : undefined;
  return Bun.which('redis-server') ?? Bun.which('valkey-server') ?? undefined;
}

/** A real Redis in a process of its own, on the loopback interface, which keeps nothing. */
export interface RedisServer {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** On the same port again. */
  restart(): Promise<void>;
  pause(): void;
  goOn(): void;
  /** One command over a connection of its own. */
  ask(...command: [string, ...string[]]): Promise<unknown>;
  end(): Promise<void>;
}

/** Starts one on a free port and waits until it answers. @param options of redis-server, such as `--cluster-enabled yes` */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const folder = temporaryFolder('redis');
  const port = await freePort();
  let child = await launch(port, folder.path, options);
  return {
    get pid() {
      return child.pid;
    },
    port,
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      child.kill('SIGKILL');
      await child.exited;
    },
    async restart() {
      child = await launch(port, folder.path, options);
    },
    pause: () => child.kill('SIGSTOP'),
    goOn: () => child.kill('SIGCONT'),
    async ask(name, ...args) {
      const redis = new Redis({ host: '127.0.0.1', port, retryStrategy: () => null });
      redis.on('error', () => undefined);
      try {
        return await redis.call(name, ...args);
      } finally {
        redis.disconnect();
      }
    },
    async end() {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await child.exited;
      folder.remove();
    },
  };
}

async function launch(port: number, folder: string, options: readonly string[]): Promise<Subprocess> {
  const program = findRedis();
  if (!program) throw new Error('there is no redis-server');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = Bun.spawn([program, ...args, '--appendonly', 'no', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Also where a test fails before it has ended it.
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (/ready to accept connections/i.test(said)) return child;
  }
  throw new Error(`redis-server did not start: ${said}`);
}

/** In a cluster another port, 10,000 above, must be free too, and be one. */
async function freePort(): Promise<number> {
  for (;;) {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    if (port < 55_000) return port;
  }
}
