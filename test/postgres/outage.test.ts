import { afterAll, beforeAll, expect, test } from 'bun:test';
import { foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** A person waits no longer than this, in ms, to be told that it does not work now. */
const BOUND_MS = 6_000;

let postgres: PostgresServer;
let server: ServerProcess;
let ming: Person;
let client: V2Client;
let thread: number;
const folder = temporaryFolder('outage');
beforeAll(async () => {
  postgres = await startPostgres();
  server = await startServerProcess(folder.path, '--database', await postgres.create());
  ming = await signUp(server.url, 'Ming');
  ({
    thread: { id: thread },
  } = await foundClass(server.url, ming, []));
  client = await V2Client.open(server.socketUrl, ming);
  await client.get<'join'>({ action: 'join', thread });
}, 60_000);
afterAll(async () => {
  try {
    await server.stop();
  } finally {
    await postgres.end();
    folder.remove();
  }
});

const post = (content: string, nonce = crypto.randomUUID()) =>
  client.ask({ action: 'post', thread, content, nonce });

test('connections that are ended are replaced, and nobody notices', async () => {
  expect(await post('before')).toMatchObject({ op: 'post', seq: 1 });
  expect(await postgres.terminateBackends()).toBeGreaterThan(0);
  const response = await request(server.url, `/api/threads/${thread}/messages`, { as: ming });
  expect(response.status).toBe(200);
  expect(await postUntilTaken('after')).toMatchObject({ seq: 2 });
});

test('while PostgreSQL is away posts are refused in words, soon; when it is back all goes on by itself, and nothing is there twice', async () => {
  await postgres.kill();
  const nonce = crypto.randomUUID();
  const from = performance.now();
  expect(await post('away', nonce)).toMatchObject({ error: 'store_unavailable' });
  const reading = await request(server.url, `/api/threads/${thread}/messages`, { as: ming });
  expect(reading.status).toBe(503);
  expect(performance.now() - from).toBeLessThan(BOUND_MS);
  await postgres.restart();
  expect(await postUntilTaken('away', nonce)).toMatchObject({ seq: 3 });
  const { seq } = await client.get<'resume'>({ action: 'resume', thread, after: 0 });
  expect(seq).toBe(3);
  expect(server.complaints()).toMatch(/cannot save[\s\S]*can save again/);
});

async function postUntilTaken(content: string, nonce = crypto.randomUUID()) {
  for (;;) {
    const answer = await post(content, nonce);
    if (answer.error !== 'store_unavailable') return answer;
    await Bun.sleep(50);
  }
}
