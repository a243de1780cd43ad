import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { ThreadView } from '@pokers/protocol/classes';
import { ERRORS } from '@pokers/protocol/codes';
import type { ErrorView, MessagesView } from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import { metricsOf } from '../actors/metrics.ts';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import {
  type ServerProcess,
  startLimitedServer,
  startServerProcess,
  temporaryFolder,
} from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** More than may be answered at the same time. */
const MANY = LIMITS.requestsInFlight + 200;

const folder = temporaryFolder('long-polling');
let server: ServerProcess;
let ming: Person;
let lily: Person;
let stranger: Person;
let classroom: number;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  ming = await signUp(server.url, 'Ming');
  lily = await signUp(server.url, 'Lily');
  stranger = await signUp(server.url, 'Stranger');
  const founded = await foundClass(server.url, ming, [lily]);
  classroom = founded.classroom.id;
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const newThread = (): Promise<ThreadView> => openThread(server.url, ming, classroom);

const pathOf = (thread: number, after: number, wait: number): string =>
  `/api/threads/${thread}/messages?after=${after}&wait=${wait}`;

const poll = (thread: number, after: number, wait: number, url = server.url): Promise<MessagesView> =>
  ask<MessagesView>(url, pathOf(thread, after, wait), { as: lily });

const textsOf = ({ messages }: MessagesView): (string | undefined)[] =>
  messages.map(({ content }) => content);

/** Resolves when so many requests wait. */
async function waiting(count: number, at = server): Promise<void> {
  for (const deadline = Date.now() + 5_000; ; await Bun.sleep(10)) {
    const now = (await metricsOf(at)).get('pokers_requests_waiting');
    if (now === count) return;
    if (Date.now() > deadline) throw new Error(`${now} requests wait, not ${count}`);
  }
}

/** What comes back on a connection of its own, once a whole answer of the API has come. */
function askRaw(port: number, path: string, { token }: Person): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the line ended after: ${text}`)));
    socket.on('data', (bytes) => {
      text += bytes;
      if (!text.endsWith('}')) return;
      socket.removeAllListeners('close').destroy();
      resolve(text);
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  });
}

describe('a request that waits', () => {
  test('is answered by a post over HTTP and over v2, and by an edit', async () => {
    const { id } = await newThread();
    const client = await V2Client.open(server.socketUrl, ming);
    let page = poll(id, 0, 20);
    await waiting(1);
    const message = await postOverHttp(server.url, ming, id, 'over HTTP');
    expect(await page).toMatchObject({ messages: [{ content: 'over HTTP' }], more: false, seq: 1 });

    page = poll(id, 1, 20);
    await waiting(1);
    await client.get<'post'>({ action: 'post', thread: id, content: 'over v2', nonce: 'n' });
    expect(textsOf(await page)).toEqual(['over v2']);

    page = poll(id, 2, 20);
    await waiting(1);
    await ask(server.url, `/api/messages/${message.id}`, {
      as: ming,
      method: 'PATCH',
      body: { content: 'x' },
    });
    expect(await page).toMatchObject({ messages: [{ id: message.id, content: 'x' }], seq: 3 });
    await waiting(0);
    client.close();
  });

  test('is answered by its own thread only', async () => {
    const [{ id }, other] = [await newThread(), await newThread()];
    const page = poll(id, 0, 20);
    await waiting(1);
    await postOverHttp(server.url, ming, other.id, 'elsewhere');
    await postOverHttp(server.url, ming, id, 'here');
    expect(textsOf(await page)).toEqual(['here']);
  });

  test('gets an empty page after its time, and leaves nothing behind', async () => {
    const { id } = await newThread();
    await postOverHttp(server.url, ming, id, 'old');
    const since = performance.now();
    expect(await poll(id, 1, 2)).toEqual({ messages: [], more: false, seq: 1 });
    expect(performance.now() - since).toBeWithin(1_300, 3_500);
    await waiting(0);
    expect((await metricsOf(server)).get('pokers_threads_joined')).toBe(0);
  });

  test('is not cut for being quiet for longer than any other may be', async () => {
    const { id } = await newThread();
    const since = performance.now();
    const answer = await askRaw(server.port, pathOf(id, 0, 16), lily);
    expect(answer).toEndWith('{"messages":[],"more":false,"seq":0}');
    expect(performance.now() - since).toBeWithin(15_300, 18_000);
  }, 30_000);

  test('is answered at once where something has changed already, or the history is another', async () => {
    const { id } = await newThread();
    await postOverHttp(server.url, ming, id, 'one');
    await postOverHttp(server.url, ming, id, 'two');
    const since = performance.now();
    expect(textsOf(await poll(id, 1, 20))).toEqual(['two']);
    expect(await poll(id, 9, 20)).toEqual({ messages: [], more: false, seq: 2 });
    expect(await poll(id, 2, 0)).toEqual({ messages: [], more: false, seq: 2 });
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  test('misses nothing while others post, and gets each change once', async () => {
    const { id } = await newThread();
    const count = 300;
    const readers = Array.from({ length: 10 }, async () => {
      const seen: (string | undefined)[] = [];
      for (let after = 0; after < count; ) {
        const page = await poll(id, after, 20);
        seen.push(...textsOf(page));
        after = page.seq;
      }
      return seen;
    });
    const client = await V2Client.open(server.socketUrl, ming);
    const texts = Array.from({ length: count }, (_, number) => `number ${number}`);
    for (const content of texts) {
      await client.get<'post'>({ action: 'post', thread: id, content, nonce: content });
      if (Math.random() < 0.2) await Bun.sleep(Math.random() * 10);
    }
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(texts);
    client.close();
  }, 30_000);

  test('is freed when its client is gone', async () => {
    const { id } = await newThread();
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${lily.token}` };
    const { signal } = gone;
    const request = fetch(server.url + pathOf(id, 0, 30), { headers, signal }).catch(() => 'gone');
    await waiting(1);
    expect((await metricsOf(server)).get('pokers_threads_joined')).toBe(1);
    gone.abort();
    expect(await request).toBe('gone');
    await waiting(0);
    expect((await metricsOf(server)).get('pokers_threads_joined')).toBe(0);
  });

  test('tells nothing to who signs out meanwhile', async () => {
    const { id } = await newThread();
    const { email, password } = lily;
    const session = await request(server.url, '/api/sign-in', { body: { email, password } });
    const { token } = (await session.json()) as { token: string };
    const as = { ...lily, token };
    const page = request(server.url, pathOf(id, 0, 20), { as });
    await waiting(1);
    await ask(server.url, '/api/sign-out', { as, method: 'POST' });
    await postOverHttp(server.url, ming, id, 'secret');
    expect((await page).status).toBe(ERRORS.sign_in_required.http);
  });
});

test('only members may wait, and only for what there is', async () => {
  const { id } = await newThread();
  const failure = async (path: string, as?: Person): Promise<string> => {
    const response = await request(server.url, path, { as });
    const { error } = (await response.json()) as ErrorView;
    expect(response.status).toBe(ERRORS[error as keyof typeof ERRORS].http);
    return error;
  };
  expect(await failure(pathOf(id, 0, 5), stranger)).toBe('thread_not_found');
  expect(await failure(pathOf(999_999, 0, 5), lily)).toBe('thread_not_found');
  expect(await failure(pathOf(id, 0, 5))).toBe('sign_in_required');
  const messages = `/api/threads/${id}/messages`;
  for (const query of [
    'wait=5',
    'wait=5&before=1',
    'after=0&wait=31',
    'after=0&wait=-1',
    'after=0&wait=1.5',
    'after=0&wait=x',
  ])
    expect(await failure(`${messages}?${query}`, lily)).toBe('bad_request');
});

test(`${MANY} wait at the same time, others are answered meanwhile, and all hear of one post`, async () => {
  const { id } = await newThread();
  const pages = Array.from({ length: MANY }, () => askRaw(server.port, pathOf(id, 0, 30), lily));
  await waiting(MANY);
  expect((await metricsOf(server)).get('pokers_requests_in_flight')).toBe(1); // this one
  await postOverHttp(server.url, ming, id, 'to all');
  await postOverHttp(server.url, ming, id, 'and no less'); // while they are answered
  for (const answer of await Promise.all(pages)) expect(answer).toContain('"content":"to all"');
  await waiting(0);
}, 30_000);

test('a request that waits counts as a socket of its user, and of the server', async () => {
  const limited = temporaryFolder('long-polling-limits');
  const small = await startLimitedServer({ connectionsPerUser: 3, connections: 5 }, limited.path);
  const [head, member] = [await signUp(small.url, 'Head'), await signUp(small.url, 'Member')];
  const { thread } = await foundClass(small.url, head, [member]);
  const wait = (as: Person): Promise<Response> => request(small.url, pathOf(thread.id, 0, 30), { as });
  const socket = await V2Client.open(small.socketUrl, head);
  const first = [wait(head), wait(head)];
  await waiting(2, small);

  const tooMany = await wait(head);
  expect([tooMany.status, (await tooMany.json()) as ErrorView]).toMatchObject([429, { error: 'too_many' }]);
  const second = [wait(member), wait(member)];
  await waiting(4, small);
  const busy = await wait(member);
  expect([busy.status, (await busy.json()) as ErrorView]).toMatchObject([503, { error: 'busy' }]);
  expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);

  await postOverHttp(small.url, head, thread.id, 'all go');
  for (const response of await Promise.all([...first, ...second])) expect(response.status).toBe(200);
  const again = wait(head);
  await waiting(0, small); // it is answered: there is something after 0
  expect((await again).status).toBe(200);
  socket.close();
  await small.stop();
  limited.remove();
});

for (const workers of ['1', '2']) {
  test(`a server that stops answers those who wait at once (${workers} worker(s))`, async () => {
    const stopping = temporaryFolder('long-polling-stop');
    const other = await startServerProcess(stopping.path, '--workers', workers);
    const person = await signUp(other.url, 'Ming');
    const { thread } = await foundClass(other.url, person, []);
    const pages = Array.from({ length: 50 }, () => askRaw(other.port, pathOf(thread.id, 0, 30), person));
    await waiting(50, other);
    const since = performance.now();
    const stopped = other.stop();
    for (const answer of await Promise.all(pages))
      expect(answer).toContain('{"messages":[],"more":false,"seq":0}');
    expect(performance.now() - since).toBeLessThan(1_000);
    expect(await stopped).toBe(0);
    expect(performance.now() - since).toBeLessThan(4_000);
    stopping.remove();
  }, 20_000);
}

test('who waits at one worker hears of what is posted at another', async () => {
  const both = temporaryFolder('long-polling-workers');
  const two = await startServerProcess(both.path, '--workers', '2');
  const person = await signUp(two.url, 'Ming');
  const { thread } = await foundClass(two.url, person, []);
  const pages = Array.from({ length: 20 }, () => askRaw(two.port, pathOf(thread.id, 0, 30), person));
  await waiting(20, two);
  await postOverHttp(two.url, person, thread.id, 'to both');
  for (const answer of await Promise.all(pages)) expect(answer).toContain('"content":"to both"');
  await two.stop();
  both.remove();
}, 20_000);
