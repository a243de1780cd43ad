import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { ThreadView } from '@pokers/protocol/classes';
import type { MessagesView } from '@pokers/protocol/http';
import { EVERYONE } from '@pokers/protocol/message';
import type { NotificationsView } from '@pokers/protocol/notifications';
import { metricsOf } from '../actors/metrics.ts';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { PushEndpoint } from './push-endpoint.ts';

const folder = temporaryFolder('push');
/** Without more time between two waves than before one, messages are told of in the order in which they were posted. */
const TIMES = { delayMs: 300, spacingMs: 300, retryMs: 100 };
let server: ServerProcess;
let chen: Person;
let ming: Person;
let classroom: number;
let code: string;
let thread: ThreadView;
/** Ming's phone. */
let phone: PushEndpoint;
const opened: PushEndpoint[] = [];

beforeAll(async () => {
  server = await startServerInEnvironment(
    { POKERS_TEST_PUSH: JSON.stringify({ ...TIMES, mayBeNear: true }) },
    folder.path,
  );
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

beforeEach(async () => {
  [chen, ming] = await Promise.all([signUp(server.url, 'Ms Chen'), signUp(server.url, '小明')]);
  const founded = await foundClass(server.url, chen, [ming], '三班');
  classroom = founded.classroom.id;
  code = founded.classroom.code ?? '';
  thread = founded.thread;
  phone = await subscribe(ming);
});
afterEach(async () => {
  for (const endpoint of opened.splice(0)) {
    expect(endpoint.faults).toEqual([]);
    await endpoint.close();
  }
});

const notifications = (as: Person) => ask<NotificationsView>(server.url, '/api/me/notifications', { as });

async function subscribe(as: Person, language = 'en'): Promise<PushEndpoint> {
  const { key } = await notifications(as);
  const endpoint = new PushEndpoint(key);
  opened.push(endpoint);
  const body = { endpoint: endpoint.url, keys: endpoint.keys, language };
  await ask(server.url, '/api/me/push-subscription', { as, method: 'PUT', body });
  return endpoint;
}

const put = (as: Person, path: string, body: object) =>
  ask(server.url, `/api/me/notifications${path}`, { as, method: 'PUT', body });
const wants = (as: Person, level: string, more: object = {}) =>
  put(as, '', { level, content: true, ...more });
const post = (as: Person, content: string, to = thread.id) => postOverHttp(server.url, as, to, content);

const begin = async (name: string) => (await openThread(server.url, chen, classroom, name)).id;
const call = (content: string, mentions: number[], to = thread.id) =>
  postOverHttp(server.url, chen, to, content, { mentions });

/** Ming hears this in any case, and after whatever was posted before it. */
async function barrier(): Promise<void> {
  const other = await openThread(server.url, chen, classroom, 'barrier');
  await put(ming, `/threads/${other.id}`, { level: 'all' });
  await post(chen, 'a barrier', other.id);
}

describe('Ming is told on his phone', () => {
  test('of what Ms Chen says, encrypted for him and signed by the server', async () => {
    await wants(ming, 'all');
    await post(chen, '明天考试');
    const [first] = await phone.got(1);
    expect(first).toMatchObject({
      notice: {
        title: 'A thread · 三班',
        body: 'Ms Chen: 明天考试',
        tag: `thread ${thread.id}`,
        path: `/c/${classroom}/t/${thread.id}`,
      },
      topic: `t${thread.id}`,
      urgency: 'normal',
      ttl: 24 * 60 * 60,
    });
    expect(first?.size).toBeLessThan(500);
  });

  test('a long message in part', async () => {
    await wants(ming, 'all');
    await post(chen, '很'.repeat(8_000));
    const [first] = await phone.got(1);
    expect(first?.notice.body).toBe(`Ms Chen: ${'很'.repeat(240)}…`);
    expect(first?.size).toBeLessThan(1_500);
  });

  test('that there is something, and not what, if he wants it so', async () => {
    await wants(ming, 'all', { content: false });
    const chinese = await subscribe(ming, 'zh-CN');
    await post(chen, 'the secret');
    const [first] = await chinese.got(1);
    expect(first?.notice).toMatchObject({ title: 'Pokers', body: '有新消息' });
    expect(JSON.stringify(first)).not.toMatch(/secret|Chen|三班/);
  });

  test('once of several messages that come together: of the last', async () => {
    await wants(ming, 'all');
    await post(chen, 'one');
    await post(chen, 'two');
    await post(chen, 'three');
    await phone.got(1);
    await barrier();
    expect(await phone.bodies(2)).toEqual(['Ms Chen: three', 'Ms Chen: a barrier']);
  });

  test('of nothing that he has read meanwhile, that was deleted, or that he said himself', async () => {
    await wants(ming, 'all');
    const read = await post(chen, 'read');
    await ask(server.url, `/api/threads/${thread.id}/read`, { as: ming, body: { message: read.id } });
    const second = await openThread(server.url, chen, classroom, 'second');
    const taken = await post(chen, 'taken back', second.id);
    await ask(server.url, `/api/messages/${taken.id}`, { as: chen, method: 'DELETE' });
    const third = await openThread(server.url, chen, classroom, 'third');
    await post(ming, 'mine', third.id);
    await barrier();
    expect(await phone.bodies(1)).toEqual(['Ms Chen: a barrier']);
  });
});

describe('Ming wants', () => {
  test('only what calls or answers him, which is how it is for everyone at first', async () => {
    await post(chen, 'hello all');
    await barrier();
    await phone.got(1);
    const lily = await signUp(server.url, 'Lily');
    await ask(server.url, '/api/classes/join', { as: lily, body: { code } });
    await call('@Lily, please', [lily.id]);
    const [second, third, fourth] = [await begin('second'), await begin('third'), await begin('fourth')];
    await call('please come, @小明!', [ming.id], second);
    const { id: reply } = await post(ming, 'why?', third);
    await postOverHttp(server.url, chen, third, 'because', { reply });
    await call('@everyone, quiet please', [EVERYONE], fourth);
    const [first, ...others] = await phone.bodies(4);
    expect(first).toBe('Ms Chen: a barrier');
    expect(others.toSorted()).toEqual([
      'Ms Chen: @everyone, quiet please',
      'Ms Chen: because',
      'Ms Chen: please come, @小明!',
    ]);
    expect(phone.received[1]?.urgency).toBe('high');
  });

  test('what is announced, unless he says otherwise', async () => {
    const path = `/api/threads/${thread.id}`;
    await ask(server.url, path, { as: chen, method: 'PATCH', body: { read_only: true } });
    await post(chen, 'no school tomorrow');
    expect(await phone.bodies(1)).toEqual(['Ms Chen: no school tomorrow']);
    await put(ming, `/threads/${thread.id}`, { level: 'mentions' });
    await post(chen, 'something else');
    await barrier();
    expect(await phone.bodies(2)).toEqual(['Ms Chen: no school tomorrow', 'Ms Chen: a barrier']);
  });

  test('all of one class, and nothing of one thread of it', async () => {
    await put(ming, `/classes/${classroom}`, { level: 'all' });
    const loud = await openThread(server.url, chen, classroom, 'loud');
    await put(ming, `/threads/${loud.id}`, { level: 'none' });
    await call('not this, @小明', [ming.id], loud.id);
    await post(chen, 'this');
    expect(await phone.bodies(1)).toEqual(['Ms Chen: this']);
    expect(await notifications(ming)).toMatchObject({
      level: 'mentions',
      classes: [{ class: classroom, level: 'all' }],
      threads: [{ class: classroom, thread: loud.id, level: 'none' }],
      subscribed: true,
    });
    await put(ming, `/threads/${loud.id}`, { level: 'default' });
    await post(chen, 'and this', loud.id);
    expect(await phone.bodies(2)).toEqual(['Ms Chen: this', 'Ms Chen: and this']);
  });

  test('quiet at this hour, as his clock has it', async () => {
    const zone = 'Asia/Shanghai';
    const clock = new Intl.DateTimeFormat('en', { timeZone: zone, timeStyle: 'short', hourCycle: 'h23' });
    const [hour = 0, minute = 0] = clock.format(Date.now()).split(':').map(Number);
    const at = (shift: number) => (hour * 60 + minute + shift + 24 * 60) % (24 * 60);
    await wants(ming, 'all', { quiet: { from: at(-10), until: at(60), zone } });
    await post(chen, 'while he sleeps');
    const other = await openThread(server.url, chen, classroom, 'other');
    // Ms Chen hears what he says: a wave after the one that was for him.
    const desk = await subscribe(chen);
    await wants(chen, 'all');
    await post(ming, 'I sleep', other.id);
    await desk.got(1);
    await wants(ming, 'all', { quiet: { from: at(60), until: at(-10), zone } });
    await post(chen, 'awake', other.id);
    expect(await phone.bodies(1)).toEqual(['Ms Chen: awake']);
  });

  test('nothing that cannot be: such wishes are refused', async () => {
    const bad = [
      { level: 'some', content: true },
      { level: 'all', content: true, quiet: { from: 0, until: 1440, zone: 'Asia/Shanghai' } },
      { level: 'all', content: true, quiet: { from: 0, until: 60, zone: 'Middle/Earth' } },
    ];
    for (const body of bad) {
      const answer = await request(server.url, '/api/me/notifications', { as: ming, method: 'PUT', body });
      expect(answer.status).toBe(400);
    }
    const stranger = await signUp(server.url, 'Eve');
    for (const path of [`classes/${classroom}`, `threads/${thread.id}`]) {
      const options = { as: stranger, method: 'PUT', body: { level: 'all' } };
      expect((await request(server.url, `/api/me/notifications/${path}`, options)).status).toBe(404);
    }
  });
});

describe('a subscription', () => {
  test('ends with its session', async () => {
    await wants(ming, 'all');
    const { email, password } = ming;
    const session = await ask<{ token: string }>(server.url, '/api/sign-in', { body: { email, password } });
    const laptop = await subscribe({ ...ming, token: session.token });
    await post(chen, 'to both');
    await Promise.all([phone.got(1), laptop.got(1)]);
    await ask(server.url, '/api/sign-out', { as: { ...ming, token: session.token }, body: {} });
    await barrier();
    await phone.got(2);
    expect(laptop.received.length).toBe(1);
  });

  test('of a browser is of whoever signed in there last', async () => {
    const desk = await signUp(server.url, 'Lily');
    const { classroom: own, thread: lilys } = await foundClass(server.url, desk, [chen]);
    await put(desk, `/classes/${own.id}`, { level: 'all' });
    await wants(ming, 'all');
    const body = { endpoint: phone.url, keys: phone.keys, language: 'en' };
    await ask(server.url, '/api/me/push-subscription', { as: desk, method: 'PUT', body });
    await post(chen, 'for Ming only');
    await post(chen, 'for Lily', lilys.id);
    expect(await phone.bodies(1)).toEqual(['Ms Chen: for Lily']);
    expect((await notifications(ming)).subscribed).toBe(false);
  });

  test('that the browser gave up is forgotten', async () => {
    await wants(ming, 'all');
    phone.answers = [{ status: 410 }];
    await post(chen, 'to nobody');
    await until(async () => !(await notifications(ming)).subscribed);
    expect(phone.requests).toBe(1);
  });

  test('that fails for a while is tried again, and the message comes', async () => {
    await wants(ming, 'all');
    phone.answers = [{ status: 500 }, { status: 429, headers: { 'retry-after': '1' } }];
    await post(chen, 'the third time');
    expect(await phone.bodies(1)).toEqual(['Ms Chen: the third time']);
    expect(phone.requests).toBe(3);
  });

  test('that fails and fails is given up for this message, and the next one comes', async () => {
    await wants(ming, 'all');
    phone.answers = [{ status: 403 }];
    await post(chen, 'refused');
    await until(async () => phone.requests === 1);
    await barrier();
    expect(await phone.bodies(1)).toEqual(['Ms Chen: a barrier']);
    expect((await metricsOf(server)).get('pokers_notifications_failed_total')).toBeGreaterThan(0);
  });

  test('is told of nothing once Ming is no member any more', async () => {
    await wants(ming, 'all');
    await post(chen, 'while he is in');
    await phone.got(1);
    await ask(server.url, `/api/classes/${classroom}/members/${ming.id}`, { as: chen, method: 'DELETE' });
    await post(chen, 'among us');
    const { classroom: other, thread: next } = await foundClass(server.url, chen, [ming]);
    await post(chen, 'in another class', next.id);
    expect(await phone.bodies(2)).toEqual(['Ms Chen: while he is in', 'Ms Chen: in another class']);
    expect(other.id).not.toBe(classroom);
  });

  test('is no business of programs with a token', async () => {
    const body = { name: 'bot', scopes: ['read', 'write', 'manage'] };
    const { token } = await ask<{ token: string }>(server.url, '/api/me/tokens', { as: ming, body });
    const answer = await request(server.url, '/api/me/notifications', { as: { ...ming, token } });
    expect(answer.status).toBe(403);
  });

  test('keeps nobody waiting: a post is answered while the push service says nothing', async () => {
    await wants(ming, 'all');
    const mute = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const body = { endpoint: `http://127.0.0.1:${mute.port}/`, keys: phone.keys, language: 'en' };
    await ask(server.url, '/api/me/push-subscription', { as: ming, method: 'PUT', body });
    for (const text of ['one', 'two', 'three']) await post(chen, text);
    const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
      as: chen,
    });
    expect(messages.length).toBe(3);
    mute.stop(true);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error('it did not happen within 20 s');
    await Bun.sleep(20);
  }
}
