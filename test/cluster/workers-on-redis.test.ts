import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { CLOSES } from '@pokers/protocol/codes';
import { ask, foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type RedisServer, startRedis } from '../actors/redis-server.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** So many that no process has all of them: the kernel shares them out by chance. */
const CLIENTS = 24;
const OPTIONS = ['--workers', '3'];

let redis: RedisServer;
let server: ServerProcess;
let folder: ReturnType<typeof temporaryFolder>;
let ming: Person;
let thread: number;
let clients: V2Client[];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.end());

beforeEach(async () => {
  folder = temporaryFolder('cluster');
  server = await startServerProcess(folder.path, ...OPTIONS, '--bus', redis.url);
  ming = await signUp(server.url, 'Ming');
  ({
    thread: { id: thread },
  } = await foundClass(server.url, ming, []));
  clients = await openClients();
});
afterEach(async () => {
  await server.stop();
  folder.remove();
});

test('people on three processes see one order, while Redis is killed, restarted, paused and cuts its lines', async () => {
  const answered: number[] = [];
  let slowest = 0;
  let isPosting = true;
  const posting = clients.slice(0, 6).map(async (client, who) => {
    for (let count = 0; isPosting; count++) {
      const from = performance.now();
      const { seq } = await post(client, `${who}/${count}`);
      slowest = Math.max(slowest, performance.now() - from);
      answered.push(seq);
      await Bun.sleep(10);
    }
  });
  await Bun.sleep(300);
  await redis.kill();
  await Bun.sleep(1_000);
  await redis.restart();
  await Bun.sleep(1_000);
  redis.pause();
  await Bun.sleep(4_500);
  redis.goOn();
  await Bun.sleep(1_000);
  for (const type of ['pubsub', 'normal']) await redis.ask('CLIENT', 'KILL', 'TYPE', type);
  await Bun.sleep(500);
  isPosting = false;
  await Promise.all(posting);

  const last = Math.max(...answered);
  await eventually(() => clients.every((client) => seqsOf(client).at(-1) === last));
  const expected = Array.from({ length: last }, (_, index) => index + 1);
  for (const client of clients) expect(seqsOf(client)).toEqual(expected);
  expect(answered.toSorted((a, b) => a - b)).toEqual(expected);
  expect(slowest).toBeLessThan(2_000); // Redis was away for longer than that
}, 60_000);

test('after an outage without any post everyone hears the next one at once', async () => {
  await redis.kill();
  await Bun.sleep(500);
  await redis.restart();
  await eventually(() => (server.complaints().match(/the bus is there again/g) ?? []).length === 3);
  const { seq } = await post(clients[0], 'is everyone there?');
  await eventually(() => clients.every((client) => seqsOf(client).at(-1) === seq), 1_000);
}, 30_000);

test('who signs out is sent away from every process within a second, be Redis there or back again', async () => {
  await signOut();
  await within(1_000, () => everyoneIsSentAway());

  ming = await signInAgain();
  clients = await openClients();
  redis.pause(); // nobody can have heard
  await signOut();
  redis.goOn();
  await within(1_000, () => everyoneIsSentAway());

  ming = await signInAgain();
  clients = await openClients();
  await redis.kill();
  await eventually(() => (server.complaints().match(/no connection to Redis/g) ?? []).length >= 3);
  await signOut();
  await redis.restart();
  await within(1_000, () => everyoneIsSentAway());
}, 30_000);

test('a worker that is killed while many post is replaced; what it stored reaches all, once', async () => {
  const [victim] = await workersOf(server);
  const stored = new Set<number>();
  let isPosting = true;
  const posting = clients.map(async (client, who) => {
    const gone = client.socket.closed.then(() => undefined);
    for (let count = 0; isPosting; count++) {
      const reply = await Promise.race([post(client, `${who}/${count}`).catch(() => undefined), gone]);
      if (!reply) return;
      stored.add(reply.seq);
    }
  });
  await Bun.sleep(400);
  process.kill(victim ?? 0, 'SIGKILL');
  await Bun.sleep(400);
  isPosting = false;
  await Promise.all(posting);
  const survivors = await stillOpen();
  expect(survivors.length).toBeGreaterThan(0);
  expect(survivors.length).toBeLessThan(CLIENTS);
  const { messages } = await ask<{ messages: { seq: number }[] }>(
    server.url,
    `/api/threads/${thread}/messages?limit=1`,
    {
      as: ming,
    },
  );
  const last = messages[0]?.seq ?? 0;
  await eventually(() => survivors.every((client) => seqsOf(client).at(-1) === last), 3_000);
  const expected = Array.from({ length: last }, (_, index) => index + 1);
  for (const client of survivors) expect(seqsOf(client)).toEqual(expected);
  for (const seq of stored) expect(seq).toBeLessThanOrEqual(last);

  await eventually(async () => (await workersOf(server)).filter((pid) => pid !== victim).length === 3);
}, 60_000);

test('without Redis from the beginning the server starts, says so, and joins when it is there', async () => {
  await server.stop();
  await redis.kill();
  server = await startServerProcess(folder.path, ...OPTIONS, '--bus', redis.url);
  clients = await openClients();
  const { seq } = await post(clients[0], 'alone');
  await eventually(() => clients.every((client) => seqsOf(client).includes(seq)), 6_000); // by looking into the store
  expect(server.complaints()).toContain('no connection to Redis');
  await redis.restart();
  await eventually(() => (server.complaints().match(/the bus is there again/g) ?? []).length === 3);
  const { seq: next } = await post(clients[0], 'together');
  await eventually(() => clients.every((client) => seqsOf(client).includes(next)), 1_000);
}, 30_000);

async function openClients(): Promise<V2Client[]> {
  const opened = await Promise.all(
    Array.from({ length: CLIENTS }, () => V2Client.open(server.socketUrl, ming)),
  );
  for (const client of opened) await client.get<'join'>({ action: 'join', thread });
  return opened;
}

function post(client: V2Client | undefined, content: string) {
  if (!client) throw new Error('there is no such client');
  return client.get<'post'>({ action: 'post', thread, content, nonce: crypto.randomUUID() });
}

/** Of all that came in the thread, in the order in which it came. */
function seqsOf(client: V2Client): number[] {
  return client.events().flatMap(({ e, s }) => (s === undefined ? e : e).map(([seq]) => Number(seq)));
}

async function signOut(): Promise<void> {
  await ask(server.url, '/api/sign-out', { as: ming, method: 'POST' });
}

async function signInAgain(): Promise<Person> {
  const { email, password } = ming;
  const response = await request(server.url, '/api/sign-in', { body: { email, password } });
  const { token } = (await response.json()) as { token: string };
  return { ...ming, token };
}

async function everyoneIsSentAway(): Promise<void> {
  const codes = await Promise.all(clients.map(({ socket }) => socket.closed.then(({ code }) => code)));
  expect(new Set(codes).size).toBe(1);
  expect(codes[0]).toBe(CLOSES.sign_in_required.code);
}

async function stillOpen(): Promise<V2Client[]> {
  const isOpen = await Promise.all(
    clients.map(({ socket }) =>
      Promise.race([socket.closed.then(() => false), Bun.sleep(200).then(() => true)]),
    ),
  );
  return clients.filter((_, index) => isOpen[index]);
}

async function within(ms: number, done: () => Promise<void>): Promise<void> {
  const late = Bun.sleep(ms).then(() => Promise.reject(new Error(`it took longer than ${ms} ms`)));
  await Promise.race([done(), late]);
}

async function workersOf({ process: { pid } }: ServerProcess): Promise<number[]> {
  const pids = await new Response(Bun.spawn(['pgrep', '-P', String(pid)]).stdout).text();
  return pids.split('\n').filter(Boolean).map(Number);
}

async function eventually(holds: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass in ${patienceMs} ms`);
    await Bun.sleep(10);
  }
}
