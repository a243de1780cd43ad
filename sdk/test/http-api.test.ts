import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { HttpApi } from '../src/index.ts';

/** What the server got: method, path with query, bearer token, and body. */
let requests: string[] = [];
/** What it answers next. */
let next: () => Response | Promise<Response>;
let server: ReturnType<typeof Bun.serve>;
let api: HttpApi;

beforeAll(() => {
  server = Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const type = request.headers.get('content-type') ?? '-';
      const token = request.headers.get('authorization') ?? '-';
      requests.push(`${request.method} ${pathname}${search} ${token} ${type} ${await request.text()}`.trim());
      return next();
    },
  });
});

afterAll(() => server.stop(true));

beforeEach(() => {
  requests = [];
  api = new HttpApi({ url: `http://localhost:${server.port}` });
});

const answer = (body: unknown, status = 200) => {
  next = () => Response.json(body, { status });
};
const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

test('every request goes where the server has it', async () => {
  answer({ classes: [], members: [], threads: [] });
  await api.classes();
  await api.members(3);
  await api.threads(3);
  await api.createClass({ name: 'Physics' });
  await api.joinClass('abc');
  await api.createThread(3, { name: 'Exams' });
  await api.messages(9);
  await api.messages(9, { before: 5, limit: 20 });
  await api.messages(9, { after: 0 });
  await api.postMessage(9, { content: 'hi', nonce: 'n', announce: true });
  await api.editMessage(5, { content: 'hey', nonce: 'm' });
  await api.deleteMessage(5);
  await api.react(5, { emoji: '👍', on: true });
  await api.pinMessage(5, { on: false });
  await api.markRead(9, 5);
  expect(requests).toEqual([
    'GET /api/classes - -',
    'GET /api/classes/3/members - -',
    'GET /api/classes/3/threads - -',
    'POST /api/classes - application/json {"name":"Physics"}',
    'POST /api/classes/join - application/json {"code":"abc"}',
    'POST /api/classes/3/threads - application/json {"name":"Exams"}',
    'GET /api/threads/9/messages - -',
    'GET /api/threads/9/messages?before=5&limit=20 - -',
    'GET /api/threads/9/messages?after=0 - -',
    'POST /api/threads/9/messages - application/json {"content":"hi","nonce":"n","announce":true}',
    'PATCH /api/messages/5 - application/json {"content":"hey","nonce":"m"}',
    'DELETE /api/messages/5 - -',
    'POST /api/messages/5/reactions - application/json {"emoji":"👍","on":true}',
    'POST /api/messages/5/pin - application/json {"on":false}',
    'POST /api/threads/9/read - application/json {"message":5}',
  ]);
});

test('a program that signs in goes on with its token until it signs out', async () => {
  answer({ user: { id: 1, name: 'Ming', email: 'ming@example.org', head: true }, token: 'secret' });
  expect((await api.signIn({ email: 'ming@example.org', password: 'long enough' })).user.name).toBe('Ming');
  await api.me();
  await api.signOut();
  await api.me();
  const tokens = requests.map((request) => (request.includes('Bearer secret') ? 'token' : 'none'));
  expect(tokens).toEqual(['none', 'token', 'token', 'none']);
});

test('a no of the server keeps its code and its words', async () => {
  answer({ code: 110, error: 'wrong_credentials', msg: 'The e-mail or the password is wrong.' }, 401);
  expect(await failure(api.signIn({ email: 'x', password: 'y' }))).toMatchObject({
    code: 110,
    error: 'wrong_credentials',
    message: 'The e-mail or the password is wrong.',
  });
});

test('an error page of a proxy is a failure of the network', async () => {
  next = () => new Response('<h1>Bad gateway</h1>', { status: 502 });
  expect(await failure(api.me())).toMatchObject({ code: 0, error: 'network' });
  answer({ error: 'someone else’s' }, 500);
  expect(await failure(api.me())).toMatchObject({ code: 0, error: 'network' });
});

test('an unreachable server is a failure of the network, with its cause', async () => {
  const nowhere = new HttpApi({ url: 'http://localhost:1' });
  const error = await failure(nowhere.me());
  expect(error).toMatchObject({ code: 0, error: 'network' });
  expect((error as Error).cause).toBeDefined();
});
