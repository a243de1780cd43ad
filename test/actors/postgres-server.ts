import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
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
  /** SIGSTOP, for it and all that it has started: lines stay open, and nothing is answered. */
  pause(): void;
  goOn(): void;
  /** A second server that follows this one, which from now on answers no commit before that one has it, too. */
  follow(): Promise<Standby>;
  end(): Promise<void>;
}

export interface Standby {
  /** Takes over from the first one, which must be gone. */
  promote(): Promise<PostgresServer>;
  end(): Promise<void>;
}

/** Starts one on a free port and waits until it answers. Commits are on disk when they are answered, as they should be. */
export async function startPostgres(): Promise<PostgresServer> {
  const place = placeFor('postgres');
  place.run(
    'initdb',
    ...['--pgdata', place.data, '--username', 'pokers', '--auth', 'trust'],
    ...['--encoding', 'UTF8', '--no-locale', '--no-sync'],
  );
  return serve(place, await launch(place));
}

/** Where one keeps its data, and how its programs are run as whom that belongs to. */
interface Place {
  readonly data: string;
  readonly port: number;
  command(program: string, ...args: string[]): string[];
  run(program: string, ...args: string[]): void;
  remove(): void;
}

function placeFor(name: string): Place {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('there is no PostgreSQL');
  const folder = temporaryFolder(name);
  const owner = ownerOf(folder.path);
  const command = (program: string, ...args: string[]) => [...owner, join(programs, program), ...args];
  return {
    data: join(folder.path, 'data'),
    port: freePort(),
    command,
    run(program, ...args) {
      const { exitCode, stderr } = Bun.spawnSync(command(program, ...args));
      if (exitCode !== 0) throw new Error(`${program} failed: ${stderr}`);
    },
    remove: () => folder.remove(),
  };
}

async function launch({ command, data, port }: Place): Promise<Subprocess> {
  const options = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const started = Bun.spawn(command('postgres', '-D', data, '-p', String(port), ...options), {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await untilItAnswers(urlOf(port, 'postgres'), started);
  return started;
}

function serve(place: Place, launched: Subprocess): PostgresServer {
  const { port } = place;
  let child = launched;
  let databases = 0;
  const kill = async (): Promise<void> => {
    child.kill('SIGQUIT');
    await child.exited;
  };
  const toAll = (signal: 'SIGSTOP' | 'SIGCONT'): void => {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    for (const pid of [child.pid, ...children.split(' ').filter(Boolean).map(Number)])
      process.kill(pid, signal);
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
      child = await launch(place);
    },
    pause: () => toAll('SIGSTOP'),
    goOn: () => toAll('SIGCONT'),
    async follow() {
      const standby = placeFor('postgres-standby');
      const source = ['--host', '127.0.0.1', '--port', String(port), '--username', 'pokers'];
      const copied = Bun.spawn(
        standby.command(
          'pg_basebackup',
          ...[
            '--pgdata',
            standby.data,
            '--write-recovery-conf',
            '--checkpoint',
            'fast',
            '--no-sync',
            ...source,
          ],
        ),
        { stdio: ['ignore', 'ignore', 'inherit'] },
      );
      if ((await copied.exited) !== 0) throw new Error('pg_basebackup failed');
      const following = await launch(standby);
      await ask(urlOf(port, 'postgres'), "alter system set synchronous_standby_names = '*'");
      await ask(urlOf(port, 'postgres'), 'select pg_reload_conf()');
      const inStep = "select 1 from pg_stat_replication where sync_state = 'sync'";
      while ((await ask(urlOf(port, 'postgres'), inStep)).length === 0) await Bun.sleep(20);
      return {
        async promote() {
          await ask(urlOf(standby.port, 'postgres'), 'select pg_promote()');
          return serve(standby, following);
        },
        async end() {
          following.kill('SIGQUIT');
          await following.exited;
          standby.remove();
        },
      };
    },
    async end() {
      await kill();
      place.remove();
    },
  };
}

/** Asks over a connection of its own. */
async function ask<Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
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
