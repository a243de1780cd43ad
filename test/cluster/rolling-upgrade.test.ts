import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CLOSES, retryAfterMs } from '@pokers/protocol/codes';
import { postgresAddress } from '@pokers/server/store/postgres/address';
import { migratePostgres } from '@pokers/server/store/postgres/migrate';
import { POSTGRES_MIGRATIONS } from '@pokers/server/store/postgres/migrations/index';
import { Redis } from 'ioredis';
import { type Kysely, sql } from 'kysely';
import { type Nodes, startNodes } from '../actors/nodes.ts';
import { foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { V2Client } from '../actors/v2-client.ts';

const CLIENTS = 300;
const POSTERS = 20;

let nodes: Nodes;
let ming: Person;
let thread: number;
let classroom: number;
beforeAll(async () => {
  nodes = await startNodes(2);
  ming = await signUp(nodes.node(0).url, 'Ming');
  ({
    thread: { id: thread },
    classroom: { id: classroom },
  } = await foundClass(nodes.node(0).url, ming, []));
}, 60_000);
afterAll(() => nodes.end());

/** What the next version might do: it only adds. */
const NEXT = {
  '9998-next': {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const table of ['messages', 'threads', 'classes', 'members', 'users', 'sessions', 'files'])
        await sql`alter table ${sql.table(table)} add column colour text default 'red'`.execute(db);
      await sql`create table paints (id bigint primary key)`.execute(db);
    },
  },
};

const listener = async (index: number): Promise<V2Client> => {
  const client = await V2Client.open(nodes.node(index).socketUrl, ming);
  await client.get<'join'>({ action: 'join', thread });
  return client;
};
const post = (client: V2Client, content: string) =>
  client.get<'post'>({ action: 'post', thread, content, nonce: crypto.randomUUID() });

test('nodes go on while a newer one brings the schema further, and each is replaced gently', async () => {
  const [first, second] = [await listener(0), await listener(1)];
  await post(first, 'before'); // so that every statement is ready
  await second.get<'history'>({ action: 'history', thread });
  await migratePostgres(postgresAddress(nodes.database), () => undefined, {
    ...POSTGRES_MIGRATIONS,
    ...NEXT,
  });
  await sendUnknown();

  for (const [from, to] of [
    [first, second],
    [second, first],
  ] as const) {
    const { seq, id } = await post(from, 'meanwhile');
    // Until the other node has heard of it, what it has is not behind.
    while (!to.events().some(({ e }) => e.some(([changed]) => changed === seq))) await Bun.sleep(10);
    const { changes } = await to.get<'resume'>({ action: 'resume', thread, after: seq - 1 });
    expect(changes).toEqual([[seq, id, ming.id, expect.any(Number), 'meanwhile']]);
  }
  await Promise.all(Array.from({ length: 30 }, (_, at) => post(at % 2 ? first : second, `many ${at}`)));

  const ended = second.socket.closed;
  expect(await nodes.node(1).stop()).toBe(0);
  expect(await ended).toMatchObject({ code: CLOSES.going_away.code });
  await nodes.replace(1);
  expect(nodes.node(1).complaints()).toContain('brought further by a newer Pokers');
  const again = await listener(1);
  const { seq } = await post(first, 'to the new one');
  const event = (await again.nextEvent()) as { e: unknown[][] };
  expect(event.e[0]?.[0]).toBe(seq);
  expect(nodes.node(0).complaints()).not.toContain('a fault of ours');
  for (const client of [first, again]) client.close();
}, 60_000);

test('some hundred are sent from a node that is replaced, each to come back at another moment, and nothing is lost or doubled', async () => {
  const { url } = nodes.node(0);
  const busy = await openThread(url, ming, classroom, 'Busy');
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => V2Client.open(nodes.node(1).socketUrl, ming)),
  );
  const sent = new Map<string, number>();
  let isPosting = true;
  const posting = clients.slice(0, POSTERS).map(async (client) => {
    const gone = client.socket.closed.then(() => undefined);
    while (isPosting) {
      const nonce = crypto.randomUUID();
      const content = nonce;
      const asked = client.get<'post'>({ action: 'post', thread: busy.id, content, nonce });
      asked.catch(() => undefined);
      const answer = await Promise.race([asked, gone]);
      // Whether it was stored is unknown: said again on the other node it is there once.
      const { id } = answer ?? (await postOverHttp(url, ming, busy.id, content, { nonce }));
      sent.set(nonce, id);
      if (!answer) return;
    }
  });
  while (sent.size < POSTERS) await Bun.sleep(5);
  expect(await nodes.node(1).stop()).toBe(0);
  isPosting = false;
  await Promise.all(posting);

  const closes = await Promise.all(clients.map(({ socket }) => socket.closed));
  expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([CLOSES.going_away.code]));
  const moments = closes.map(({ reason }) => retryAfterMs(reason) ?? 0).toSorted((a, b) => a - b);
  expect(moments[0]).toBeGreaterThan(0);
  expect(new Set(moments).size).toBeGreaterThan(CLIENTS / 3);
  expect((moments.at(-1) ?? 0) - (moments[0] ?? 0)).toBeGreaterThan(500);

  const there = await V2Client.open(nodes.node(0).socketUrl, ming);
  const stored = new Map<string, number>();
  for (let seq = 0; stored.size < sent.size; ) {
    const { changes } = await there.get<'resume'>({ action: 'resume', thread: busy.id, after: seq });
    if (changes.length === 0) break;
    for (const [changed, id, , , content] of changes) {
      seq = Number(changed);
      stored.set(String(content), Number(id));
    }
  }
  expect(stored).toEqual(sent);
  there.close();
  await nodes.replace(1);
}, 60_000);

/** What a newer version says on the bus, and this one does not know: it is passed over. */
async function sendUnknown(): Promise<void> {
  const redis = new Redis(nodes.redis.port, '127.0.0.1');
  const channels = (await redis.call('PUBSUB', 'CHANNELS', 'pokers/*')) as string[];
  expect(channels.length).toBeGreaterThan(0);
  for (const channel of channels) {
    await redis.publish(channel, JSON.stringify(['node-9', 1, [['painted', { colour: 'red' }]]]));
    await redis.publish(channel, 'what is this?');
  }
  redis.disconnect();
}
