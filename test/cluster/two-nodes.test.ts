import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CLOSES } from '@pokers/protocol/codes';
import type { SearchView } from '@pokers/protocol/search';
import { type Nodes, startNodes } from '../actors/nodes.ts';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

/** How soon what ends a right must be felt on every node, in ms. */
const AT_ONCE_MS = 1_000;

let nodes: Nodes;
let here: string;
let there: string;
let ming: Person;
let lily: Person;
beforeAll(async () => {
  nodes = await startNodes(2, '--classic', 'open');
  here = nodes.node(0).url;
  there = nodes.node(1).url;
  [ming, lily] = [await signUp(here, 'Ming 小明'), await signUp(there, 'Lily')];
}, 60_000);
afterAll(() => nodes.end());

const socketOf = (node: 0 | 1) => nodes.node(node).socketUrl;
const newClass = () => foundClass(here, ming, [lily]);

async function listener(node: 0 | 1, person: Person, thread: number): Promise<V2Client> {
  const client = await V2Client.open(socketOf(node), person);
  await client.get<'join'>({ action: 'join', thread });
  return client;
}

test('who signed up first heads the server, on every node', async () => {
  const isHead = async (url: string, as: Person) =>
    (await ask<{ head: boolean }>(url, '/api/me', { as })).head;
  expect(await isHead(there, ming)).toBe(true);
  expect(await isHead(here, lily)).toBe(false);
});

test('what Ming says on one node Lily hears on the other, and both may change it there', async () => {
  const { thread } = await newClass();
  const lilys = await listener(1, lily, thread.id);
  const { id } = await postOverHttp(here, ming, thread.id, '你们好');
  expect(await lilys.nextEvent()).toMatchObject({
    t: thread.id,
    e: [[1, id, ming.id, expect.any(Number), '你们好']],
  });
  await lilys.get<'react'>({
    action: 'react',
    message: id,
    emoji: '👍',
    on: true,
    nonce: crypto.randomUUID(),
  });
  const page = await ask<{ messages: { reactions: unknown }[] }>(here, `/api/threads/${thread.id}/messages`, {
    as: ming,
  });
  expect(page.messages[0]).toMatchObject({ seq: 2 });
  lilys.close();
});

test('a nonce sent to both nodes at once stores one message', async () => {
  const { thread } = await newClass();
  const nonce = crypto.randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      postOverHttp(at % 2 ? here : there, ming, thread.id, 'once', { nonce }),
    ),
  );
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
});

test('posts over both nodes are in one order, the same for listeners on each', async () => {
  const { thread } = await newClass();
  const listeners = await Promise.all([0, 1].map((node) => listener(node as 0 | 1, lily, thread.id)));
  const posts = Array.from({ length: 200 }, (_, at) =>
    postOverHttp(at % 2 ? here : there, ming, thread.id, `post ${at}`),
  );
  const ids = (await Promise.all(posts)).toSorted((a, b) => a.seq - b.seq).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  for (const client of listeners) {
    const heard: number[] = [];
    while (heard.length < ids.length)
      heard.push(...((await client.nextEvent()).e as number[][]).map(([, id = 0]) => id));
    expect(heard).toEqual(ids);
    client.close();
  }
});

test('whoever is removed on one node hears nothing more on the other, within a second', async () => {
  const { classroom, thread } = await newClass();
  const lilys = await listener(1, lily, thread.id);
  const from = performance.now();
  await ask(here, `/api/classes/${classroom.id}/members/${lily.id}`, { as: ming, method: 'DELETE' });
  await lilys.socket.until((frame) => frame.op === 'left');
  expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
  expect((await request(there, `/api/threads/${thread.id}/messages`, { as: lily })).status).toBe(404);
  await postOverHttp(here, ming, thread.id, 'a secret');
  await lilys.ask({ action: 'hello' }); // after it whatever was under way has come
  expect(lilys.events()).toEqual([]);
  lilys.close();
});

test('who signs out on one node is sent away from the other within a second', async () => {
  const { email, password } = lily;
  const signedIn = await ask<{ token: string }>(here, '/api/sign-in', { body: { email, password } });
  const phone = { ...lily, token: signedIn.token };
  const client = await V2Client.open(socketOf(1), phone);
  const from = performance.now();
  await ask(here, '/api/sign-out', { as: phone, method: 'POST' });
  expect((await client.socket.closed).code).toBe(CLOSES.sign_in_required.code);
  expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
});

test('of two who take the last seat over two nodes, one gets it', async () => {
  const { classroom } = await newClass();
  const invitation = await ask<{ token: string }>(here, `/api/classes/${classroom.id}/invitations`, {
    as: ming,
    body: { role: 'student', uses: 1 },
  });
  const people = [await signUp(here, 'Tom'), await signUp(there, 'Jerry')];
  const path = `/api/offers/${invitation.token}`;
  const answers = await Promise.all(
    people.map((as, at) => request(at === 0 ? here : there, path, { as, method: 'POST' })),
  );
  expect(answers.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
});

test('old clients on one node get what is posted and announced on the other', async () => {
  const { classroom, thread } = await newClass();
  const frame = { class_id: classroom.id, thread_id: thread.id };
  const classic = await SocketClient.open(socketOf(1));
  classic.send({ ...frame, action: 'join', speaker: lily.id, speaker_name: lily.name });
  await classic.until(({ code }) => code === 100);
  const sender = await V2Client.open(socketOf(0), ming);
  await sender.get<'post'>({
    action: 'post',
    thread: thread.id,
    content: '作业',
    nonce: crypto.randomUUID(),
  });
  const record = await classic.until(({ content }) => content === '作业');
  expect(record).toMatchObject({ speaker: ming.id, thread: thread.id });
  for (const client of [classic, sender]) client.close();
});

test('what is said on one node is found on the other', async () => {
  const { classroom } = await newClass();
  const thread = await openThread(there, ming, classroom.id, 'Search');
  const { id } = await postOverHttp(here, ming, thread.id, '期末考试 in room 12');
  for (let found = 0; found !== id; await Bun.sleep(50)) {
    const page = await ask<SearchView>(there, `/api/search?q=${encodeURIComponent('期末')}`, { as: lily });
    found = page.hits[0]?.message.id ?? 0;
  }
}, 20_000);
