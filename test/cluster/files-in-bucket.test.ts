import { afterAll, beforeAll, expect, test } from 'bun:test';
import { HttpApi } from '@pokers/sdk';
import { FileApi } from '@pokers/sdk/file-api';
import type { Server } from 'bun';
import { foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { type S3Server, startS3Server } from '../actors/s3-server.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';

/** Several pieces. */
const SIZE = 700_000;

let postgres: PostgresServer;
let redis: RedisServer;
let bucket: S3Server;
let nodes: ServerProcess[];
let ming: Person;
let classroom: number;
const folders = ['one', 'other'].map((name) => temporaryFolder(name));
beforeAll(async () => {
  [postgres, redis, bucket] = await Promise.all([startPostgres(), startRedis(), startS3Server()]);
  const options = ['--database', await postgres.create(), '--bus', redis.url, '--files', bucket.place];
  nodes = await Promise.all(
    folders.map(({ path }) => startServerInEnvironment(bucket.env, path, ...options)),
  );
  ming = await signUp(nodeAt(0).url, 'Ming');
  ({
    classroom: { id: classroom },
  } = await foundClass(nodeAt(0).url, ming, []));
}, 60_000);
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
  await Promise.all([postgres.end(), redis.end(), bucket.stop()]);
  for (const folder of folders) folder.remove();
});

function nodeAt(index: number): ServerProcess {
  const node = nodes[index];
  if (!node) throw new Error(`there is no node ${index}`);
  return node;
}

/** Before the nodes: each request goes to the one that is chosen for it. */
function startDoor(choose: (path: string) => number): Server<undefined> {
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(asked) {
      const { pathname, search } = new URL(asked.url);
      const body = asked.method === 'GET' ? undefined : await asked.bytes();
      const target = nodeAt(choose(pathname)).url + pathname + search;
      return fetch(target, { method: asked.method, headers: asked.headers, ...(body && { body }) });
    },
  });
}

function filesThrough(door: Server<undefined>): FileApi {
  return new FileApi(new HttpApi({ url: `http://127.0.0.1:${door.port}`, token: ming.token }));
}

async function bytesAt(index: number, path: string): Promise<Uint8Array> {
  return (await request(nodeAt(index).url, path, { as: ming })).bytes();
}

test('a file that is begun on one node and sent to the other is there on both', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const door = startDoor((path) => (path.startsWith('/api/files/') ? 1 : 0));
  const files = filesThrough(door);
  const { id } = await files.begin(classroom, { name: 'begun here.bin', size: bytes.length });
  const { url } = await files.upload(id, new Blob([bytes]));
  for (const index of [0, 1]) expect(Buffer.from(await bytesAt(index, url)).equals(bytes)).toBe(true);
  await door.stop(true);
}, 30_000);

test('an upload whose node goes away half-way begins anew on the other by itself', async () => {
  const bytes = new Uint8Array(SIZE).map((_, at) => at % 251);
  let chosen = 0;
  const door = startDoor(() => chosen);
  const files = filesThrough(door);
  const { id } = await files.begin(classroom, { name: 'half.bin', size: SIZE });
  const progress: number[] = [];
  const { done, url } = await files.upload(id, new Blob([bytes]), {
    onProgress(came) {
      progress.push(came);
      if (came > 0) chosen = 1;
    },
  });
  expect(done).toBe(true);
  expect(progress.lastIndexOf(0)).toBeGreaterThan(0); // it did begin anew
  expect(Buffer.from(await bytesAt(0, url)).equals(bytes)).toBe(true);
  await door.stop(true);
}, 30_000);
