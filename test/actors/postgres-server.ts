import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import pg from 'pg';
import { freePort, temporaryFolder } from './server-process.ts';

/** Where Debian has the programs of its versions. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of `postgres` and `initdb`. POSTGRES_BIN tells another. */
export function findPostgres(): string | undefined {
  const told = process.env.POSTGRES_BIN;
  if (told) return existsSync(join(told, 'postgres')) ? told : undefined;
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(DEBIAN, newest, 'bin');
  const onPath = Bun.which('postgres');
  return onPath ? join(onPath, '..') : undefined;
}

/** A real PostgreSQL in a process of its own, on the loopback interface. */
export interface PostgresServer {
  readonly port: number;
  /** Makes a database. @returns its URL */
  create(): Promise<string>;
  /** Asks over a connection of one's own. */
  ask<Row extends object>(url: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** Ends every connection but the one that says so. @returns how many */
  terminateBackends(): Promise<number>;
  /** SIGQUIT: at once, as when the machine fails. */
  kill(): Promise<void>;
  /** On the same port, with what was committed. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** Starts one on a free port and waits until it answers. Commits are on disk when they are answered, as they should be. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('there is no PostgreSQL');
  const folder = temporaryFolder('postgres');
  const data = join(folder.path, 'data');
  const owner = ownerOf(folder.path);
  const port = freePort();
  const made = Bun.spawnSync([
    ...owner,
    join(programs, 'initdb'),
    ...[
      '--pgdata',
      data,
      '--username',
      'pokers',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
  ]);
  if (made.exitCode !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const options = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const launch = async (): Promise<Subprocess> => {
    const started = Bun.spawn(
      [...owner, join(programs, 'postgres'), '-D', data, '-p', String(port), ...options],
      { stdio: ['ignore', 'ignore', 'ignore'] },
    );
    await untilItAnswers(urlOf(port, 'postgres'), started);
    return started;
  };
  let child = await launch();
  let databases = 0;
  const ask = async <Row extends object>(
    url: string,
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGQUIT');
    await child.exited;
  };
  return {
    port,
    async create() {
      const name = `pokers_${++databases}`;
      await ask(urlOf(port, 'postgres'), `create database ${name}`);
      return urlOf(port, name);
    },
    ask,
    async terminateBackends() {
      const others = "pid <> pg_backend_pid() and backend_type = 'client backend'";
      const ended = await ask(
        urlOf(port, 'postgres'),
        `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`,
      );
      return ended.length;
    },
    kill,
    async restart() {
      child = await launch();
    },
    async end() {
      await kill();
      folder.remove();
    },
  };
}

function urlOf(port: number, database: string): string {
  return `postgres://pokers@127.0.0.1:${port}/${database}`;
}

/** PostgreSQL does not run as root. @returns what makes a command run as whom the folder belongs to now */
function ownerOf(folder: string): string[] {
  if (process.getuid?.() !== 0) return [];
  const numberOf = (kind: '-u' | '-g') => Number(Bun.spawnSync(['id', kind, 'postgres']).stdout.toString());
  const [uid, gid] = [numberOf('-u'), numberOf('-g')];
  chownSync(folder, uid, gid);
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
}

async function untilItAnswers(url: string, child: Subprocess): Promise<void> {
  while (child.exitCode === null) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch {
      await Bun.sleep(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error('PostgreSQL ended before it served');
}
