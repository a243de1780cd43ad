import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { MessageView } from '@pokers/protocol/http';
import { foundClass, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { type Relay, startRelay } from '../actors/relay.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** A person waits no longer than this, in ms, to be told that it does not work now. */
const BOUND_MS = 6_000;

/** Where lines are open and PostgreSQL says nothing, no longer than this: a statement may take 10 s. */
const SILENT_BOUND_MS = 12_000;

/** How soon everything is as before when it can be reached again. */
const BACK_MS = 1_000;

let postgres: PostgresServer;
let line: Relay;
let server: ServerProcess;
let ming: Person;
let client: V2Client;
let thread: number;
let database: URL;
const folder = temporaryFolder('outage');
beforeAll(async () => {
  postgres = await startPostgres();
  line = await startRelay(postgres.port);
  database = new URL(await postgres.create());
  database.port = String(line.port);
  server = await startServerProcess(folder.path, '--database', database.href);
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
    await line.end();
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
  // It is said when something goes well a moment later.
  while (!/cannot save[\s\S]*can save again/.test(server.complaints())) {
    await request(server.url, '/api/me', { as: ming });
    await Bun.sleep(20);
  }
});

test('a PostgreSQL that stands still for a moment makes people wait, and refuses nobody', async () => {
  const paused = postgres;
  paused.pause();
  const answers = Promise.all([
    ...['one', 'two', 'three'].map((content) => postOverHttp(server.url, ming, thread, content)),
    request(server.url, `/api/threads/${thread}/messages`, { as: ming }),
  ]);
  await Bun.sleep(3_000);
  paused.goOn();
  const from = performance.now();
  const [one, two, three] = (await answers) as MessageView[];
  expect(performance.now() - from).toBeLessThan(BACK_MS);
  expect([one, two, three].map((message) => message?.seq).toSorted()).toEqual([4, 5, 6]);
});

test('where the network is cut posts are refused at once, and taken at once when it is whole', async () => {
  line.cut();
  for (let at = 0; at < 50; at++) expect(await post('cut')).toMatchObject({ error: 'store_unavailable' });
  line.leadTo(postgres.port);
  const from = performance.now();
  expect(await postUntilTaken('whole')).toMatchObject({ seq: 7 });
  expect(performance.now() - from).toBeLessThan(BACK_MS);
});

test('where the network swallows all, everyone is told in the end; lines that it forgot hold up nobody after that', async () => {
  await Promise.all(Array.from({ length: 30 }, () => request(server.url, '/api/me', { as: ming }))); // so that lines are open
  line.fallSilent();
  const nonce = crypto.randomUUID();
  const from = performance.now();
  const body = { content: 'swallowed', nonce };
  const asked = [
    request(server.url, `/api/threads/${thread}/messages`, { as: ming, body }),
    ...Array.from({ length: 20 }, () => request(server.url, '/api/me', { as: ming })),
  ];
  await Bun.sleep(2_000);
  line.forget();
  for (const answer of await Promise.all(asked)) expect([200, 201, 503]).toContain(answer.status);
  expect(performance.now() - from).toBeLessThan(SILENT_BOUND_MS);
  const again = performance.now();
  expect(await postUntilTaken('swallowed', nonce)).toMatchObject({ seq: 8 });
  expect(performance.now() - again).toBeLessThan(BACK_MS);
  const { seq } = await client.get<'resume'>({ action: 'resume', thread, after: 7 });
  expect(seq).toBe(8);
}, 30_000);

test('a PostgreSQL that lets itself be read only is one trouble, however many read and post', async () => {
  const name = database.pathname.slice(1);
  const admin = `postgres://pokers@127.0.0.1:${postgres.port}/postgres`;
  await postgres.ask(admin, `alter database ${name} set default_transaction_read_only = on`);
  await postgres.terminateBackends();
  const readAndPost = async (): Promise<void> => {
    const read = await request(server.url, `/api/threads/${thread}/messages`, { as: ming });
    expect(read.status).toBe(200);
    expect(await post('read only')).toMatchObject({ error: 'store_unavailable' });
  };
  while (!server.complaints().includes('read-only transaction')) await post('a first one'); // its lines were ended, too
  while ((await request(server.url, '/api/me', { as: ming })).status !== 200);
  const said = server.complaints();
  for (let at = 0; at < 100; at++) {
    await readAndPost();
    if (at === 50) await Bun.sleep(1_000);
  }
  expect(server.complaints()).toBe(said);
  await postgres.ask(admin, `alter database ${name} reset default_transaction_read_only`);
  await postgres.terminateBackends();
  await postUntilTaken('written again');
}, 20_000);

async function postUntilTaken(content: string, nonce = crypto.randomUUID()) {
  for (;;) {
    const answer = await post(content, nonce);
    if (answer.error !== 'store_unavailable') return answer;
    await Bun.sleep(50);
  }
}
