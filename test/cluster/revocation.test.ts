import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CLOSES } from '@pokers/protocol/codes';
import { type Nodes, startNodes } from '../actors/nodes.ts';
import { ask, foundClass, type Person, request, signUp } from '../actors/people.ts';
import { V2Client } from '../actors/v2-client.ts';

/** How soon after Redis is back what ended a right meanwhile must be felt on every node, in ms. */
const AT_ONCE_MS = 1_000;

/** Longer than the nodes wait for a Redis that says nothing: they give the line up. */
const PAUSE_MS = 4_500;

let nodes: Nodes;
let chen: Person;
beforeAll(async () => {
  nodes = await startNodes(2);
  chen = await signUp(nodes.node(0).url, 'Ms Chen'); // heads the server
}, 60_000);
afterAll(() => nodes.end());

/** Ming, Lily and Tom listen on the second node. */
async function scene() {
  const here = nodes.node(0).url;
  const people = await Promise.all(['Ming', 'Lily', 'Tom'].map((name) => signUp(here, name)));
  const { classroom, thread } = await foundClass(here, chen, people);
  const [mings, lilys, toms] = await Promise.all(
    people.map(async (person) => {
      const client = await V2Client.open(nodes.node(1).socketUrl, person);
      await client.get<'join'>({ action: 'join', thread: thread.id });
      return client;
    }),
  );
  const [ming, lily, tom] = people;
  if (!mings || !lilys || !toms || !ming || !lily || !tom) throw new Error('somebody is missing');
  return {
    /** On the first node: Ming is removed, Lily signs out, Tom is disabled. */
    async act() {
      await Promise.all([
        ask(here, `/api/classes/${classroom.id}/members/${ming.id}`, { as: chen, method: 'DELETE' }),
        ask(here, '/api/sign-out', { as: lily, method: 'POST' }),
        ask(here, `/api/server/users/${tom.id}/disable`, { as: chen, method: 'POST' }),
      ]);
    },
    /** Nobody of them hears anything any more. */
    async isFelt() {
      const left = mings.socket.until((frame) => frame.op === 'left');
      const [, ...closed] = await Promise.all([left, lilys.socket.closed, toms.socket.closed]);
      for (const { code } of closed) expect(code).toBe(CLOSES.sign_in_required.code);
      const path = `/api/threads/${thread.id}/messages`;
      expect((await request(nodes.node(1).url, path, { as: ming })).status).toBe(404);
      mings.close();
    },
  };
}

/** Redis is away, rights end meanwhile, it comes back: from then on it takes no second. */
async function endsAcross(away: () => Promise<void>, back: () => Promise<void> | void): Promise<number> {
  const { act, isFelt } = await scene();
  await away();
  await act();
  await back();
  const from = performance.now();
  await isFelt();
  return performance.now() - from;
}

test('what ends a right while Redis is killed is felt everywhere within a second of its return', async () => {
  const { redis } = nodes;
  expect(await endsAcross(redis.kill, redis.restart)).toBeLessThan(AT_ONCE_MS);
}, 30_000);

test('and while it stands still for a moment', async () => {
  const { redis } = nodes;
  const away = async (): Promise<void> => redis.pause();
  expect(await endsAcross(away, redis.goOn)).toBeLessThan(AT_ONCE_MS);
}, 30_000);

test('and for so long that its lines are given up', async () => {
  const { redis } = nodes;
  const away = async (): Promise<void> => redis.pause();
  const back = async (): Promise<void> => {
    await Bun.sleep(PAUSE_MS);
    redis.goOn();
  };
  expect(await endsAcross(away, back)).toBeLessThan(AT_ONCE_MS);
}, 30_000);

test('and when it only cuts the lines', async () => {
  const { redis } = nodes;
  const away = async (): Promise<void> => {
    await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
  };
  expect(await endsAcross(away, () => undefined)).toBeLessThan(AT_ONCE_MS);
}, 30_000);
