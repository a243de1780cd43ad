import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import pg from 'pg';

export const CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url));

/** A real server in a process of its own, on a free port of the loopback interface. */
export interface ServerProcess {
  /** `http://localhost:PORT`, or `https:…` with a certificate */
  readonly url: string;
  readonly socketUrl: string;
  readonly port: number;
  readonly data: string;
  readonly process: Subprocess<'ignore', 'pipe', 'pipe'>;
  /** What it has said on stdout until it served. */
  readonly greeting: string;
  /** What it has said on stderr so far. */
  readonly complaints: () => string;
  /** SIGTERM by default; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/** A folder under the system's temporary one, and how to be rid of it. */
export function temporaryFolder(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `pokers-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Starts `pokers serve` and waits until it serves. It does not limit how fast one may be: tests post and connect faster
 * than people do.
 */
export function startServerProcess(data: string, ...options: string[]): Promise<ServerProcess> {
  return startServerWith({ POKERS_LIMITS: 'off' }, data, ...options);
}

/** Starts `pokers serve` with limits as they are for everyone, or some of its own (see server/src/limits/caps.ts). */
export function startLimitedServer(
  limits: Record<string, number>,
  data: string,
  ...options: string[]
): Promise<ServerProcess> {
  return startServerWith({ POKERS_LIMITS: JSON.stringify(limits) }, data, ...options);
}

/** Starts `pokers serve` as `startServerProcess`, with more in its environment. */
export function startServerInEnvironment(
  env: Record<string, string>,
  data: string,
  ...options: string[]
): Promise<ServerProcess> {
  return startServerWith({ POKERS_LIMITS: 'off', ...env }, data, ...options);
}

/** A port of loopback that was free just now: for what has to know the server's address before it starts. */
export function freePort(): number {
  const probe = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const { port = 0 } = probe;
  void probe.stop(true);
  return port;
}

async function startServerWith(
  env: Record<string, string>,
  data: string,
  ...options: string[]
): Promise<ServerProcess> {
  const port = options.includes('--port') ? [] : ['--port', '0'];
  const database = options.includes('--database') ? {} : await databaseFor(data);
  const child = Bun.spawn([process.execPath, CLI, 'serve', '--data', data, ...port, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...database, ...env },
  });
  let complaints = '';
  void readInto(child.stderr, (text) => {
    complaints += text;
  });
  const greeting = await readGreeting(child.stdout, () => complaints);
  const found = /running at http(s?):\/\/[^:\s]+:(\d+)/.exec(greeting);
  if (!found) throw new Error(`the server did not start: ${greeting}${complaints}`);
  const served = Number(found[2]);
  return {
    url: `http${found[1]}://localhost:${served}`,
    socketUrl: `ws${found[1]}://localhost:${served}/wss`,
    port: served,
    data,
    process: child,
    greeting,
    complaints: () => complaints,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return child.exited;
    },
  };
}

/** Runs a command line to its end. */
export function runCli(...args: string[]): Promise<Ended> {
  return runCliWith({}, ...args);
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line to its end with more in its environment. */
export async function runCliWith(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  const child = Bun.spawn([process.execPath, CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

async function readGreeting(stream: ReadableStream<Uint8Array>, complaints: () => string): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!/running at \S+[\s\S]*\n\n$/.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server ended before it served: ${text}${complaints()}`);
    text += decoder.decode(value, { stream: true });
  }
  void reader.read().catch(() => undefined);
  return text;
}

async function readInto(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}

/** In the environment: the URL of a PostgreSQL on which servers keep their data, a database for each folder. */
export const POSTGRES_SERVER = 'POKERS_TEST_POSTGRES';

async function databaseFor(data: string): Promise<Record<string, string>> {
  const server = process.env[POSTGRES_SERVER];
  if (!server) return {};
  const name = `test_${Bun.hash(data).toString(36)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (!rowCount) await client.query(`create database ${name}`);
  await client.end();
  return { POKERS_DATABASE: String(new URL(`/${name}`, server)) };
}
