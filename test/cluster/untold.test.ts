import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CLOSES } from '@pokers/protocol/codes';
import { type Nodes, startNodes } from '../actors/nodes.ts';
import { foundClass, type Person, signUp } from '../actors/people.ts';
import { V2Client } from '../actors/v2-client.ts';

/** A node is missed after some seconds; what it did and told nobody must hold soon after, in ms. */
const PATIENCE_MS = 15_000;

/** Until the nodes have looked at whom they were told of so far, and at the sessions of who has just come, in ms. */
const SETTLING_MS = 2_500;

let nodes: Nodes;
let chen: Person;
beforeAll(async () => {
  nodes = await startNodes(2);
  chen = await signUp(nodes.node(0).url, 'Ms Chen');
}, 60_000);
afterAll(() => nodes.end());

/** Someone who listens on the first node, and whose right ends as if a node had died before it told of it. */
async function scene() {
  const { url, socketUrl } = nodes.node(0);
  const ming = await signUp(url, 'Ming');
  const lily = await signUp(url, 'Lily');
  const { classroom, thread } = await foundClass(url, chen, [ming, lily]);
  const [mings, lilys] = [await V2Client.open(socketUrl, ming), await V2Client.open(socketUrl, lily)];
  for (const client of [mings, lilys]) await client.get<'join'>({ action: 'join', thread: thread.id });
  await Bun.sleep(SETTLING_MS);
  const remove = 'delete from members where class_id = $1 and user_id = $2';
  await nodes.postgres.ask(nodes.database, remove, [classroom.id, ming.id]);
  await nodes.postgres.ask(nodes.database, 'delete from sessions where user_id = $1', [lily.id]);
  return { mings, lilys };
}

async function isFelt({ mings, lilys }: Awaited<ReturnType<typeof scene>>): Promise<void> {
  const late = Bun.sleep(PATIENCE_MS).then(() => Promise.reject(new Error('nobody looked again')));
  const left = (async () => {
    while (!mings.socket.frames.some((frame) => frame.includes('"op":"left"'))) await Bun.sleep(20);
  })();
  await Promise.race([Promise.all([left, lilys.socket.closed]), late]);
  expect((await lilys.socket.closed).code).toBe(CLOSES.sign_in_required.code);
  mings.close();
}

test('what a node did before it was killed, and told nobody of, holds on the others', async () => {
  const untold = await scene();
  await nodes.node(1).stop('SIGKILL');
  await isFelt(untold);
  await nodes.replace(1);
}, 60_000);

test('what was done when PostgreSQL went away, and nobody was told of, holds when it is back', async () => {
  const untold = await scene();
  await nodes.postgres.kill();
  await nodes.postgres.restart();
  await isFelt(untold);
}, 60_000);
