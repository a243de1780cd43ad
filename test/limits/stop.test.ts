import { expect, test } from 'bun:test';
import type { ThreadView } from '@pokers/protocol/classes';
import { retryAfterMs } from '@pokers/protocol/codes';
import { ask, foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { RawClient } from './raw-client.ts';

const CLIENTS = 300;
const SECOND = 1_000;

for (const workers of ['1', '2']) {
  test(`asked to stop, it answers what is in hand, says when to come back, and ends with 0 (${workers} worker(s))`, async () => {
    const folder = temporaryFolder('stop');
    const server = await startServerProcess(folder.path, '--workers', workers);
    const ming = await signUp(server.url, 'Ming');
    const { thread } = await foundClass(server.url, ming, []);
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => V2Client.open(server.socketUrl, ming)),
    );
    const stuck = await RawClient.upgrade(server); // reads nothing, and must hold nobody up
    stuck.stopReading();

    const overHttp = Array.from({ length: 20 }, (_, index) =>
      postOverHttp(server.url, ming, thread.id, `HTTP ${index}`).catch(() => undefined),
    );
    for (const client of clients) {
      for (let n = 0; n < 20; n++)
        client.socket.send({
          action: 'post',
          ref: n,
          thread: thread.id,
          content: 'x',
          nonce: crypto.randomUUID(),
        });
    }
    await Promise.all(clients.map((client) => client.ask({ action: 'ping' }))); // all of them are in hand
    const since = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(10 * SECOND);

    const delays: number[] = [];
    let answered = 0;
    for (const client of clients) {
      const { code, reason } = await client.socket.closed;
      expect(code).toBe(4000);
      delays.push(retryAfterMs(reason) ?? Number.NaN);
      answered += client.socket.frames.filter((frame) => frame.includes('"op":"post"')).length;
    }
    for (const delay of delays) expect(delay).toBeWithin(500, 1_501);
    expect(new Set(delays).size).toBeGreaterThan(10);
    answered += (await Promise.all(overHttp)).filter((message) => message !== undefined).length;

    const again = await startServerProcess(folder.path);
    const { seq: stored } = await threadOf(again.url, ming, thread.id);
    expect(stored).toBe(answered); // nothing that was stored went without its answer, and nothing answered is lost
    await again.stop();
    folder.remove();
    stuck.destroy();
  }, 30_000);
}

test('what was in hand when it was asked to stop is answered before the goodbye', async () => {
  const folder = temporaryFolder('in-hand');
  const server = await startServerProcess(folder.path);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const client = await V2Client.open(server.socketUrl, ming);
  for (let n = 0; n < 300; n++)
    client.socket.send({
      action: 'post',
      ref: n,
      thread: thread.id,
      content: 'x',
      nonce: crypto.randomUUID(),
    });
  await client.socket.at(1); // hello was the first; the others come one after the other
  const answeredBefore = client.socket.frames.length - 1;
  expect(answeredBefore).toBeLessThan(300);
  expect(await server.stop()).toBe(0);
  await client.socket.closed;
  const posts = client.socket.frames.map((frame) => JSON.parse(frame)).filter(({ op }) => op === 'post');
  expect(posts.length).toBeGreaterThan(answeredBefore);
  expect(posts.map(({ ref }) => ref)).toEqual(Array.from(posts, (_, index) => index));

  // What had not reached the server yet is neither stored nor answered.
  const again = await startServerProcess(folder.path);
  expect((await threadOf(again.url, ming, thread.id)).seq).toBe(posts.length);
  await again.stop();
  folder.remove();
}, 30_000);

test(`${CLIENTS} clients come back after a restart, each resumes, and nothing is lost`, async () => {
  const folder = temporaryFolder('restart');
  let server = await startServerProcess(folder.path);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => V2Client.open(server.socketUrl, ming)),
  );
  await Promise.all(clients.map((client) => client.get<'join'>({ action: 'join', thread: thread.id })));
  await postOverHttp(server.url, ming, thread.id, 'before');
  const seqs = clients.map(async (client) => (await client.nextEvent()).e as unknown[][]);
  expect((await Promise.all(seqs)).map(([change]) => change?.[0])).toEqual(clients.map(() => 1));

  expect(await server.stop()).toBe(0);
  server = await startServerProcess(folder.path, '--port', String(server.port));
  await postOverHttp(server.url, ming, thread.id, 'while they were away');
  const back = await Promise.all(
    clients.map(async ({ socket }) => {
      await Bun.sleep(retryAfterMs((await socket.closed).reason) ?? Number.NaN);
      const client = await V2Client.open(server.socketUrl, ming);
      await client.get<'join'>({ action: 'join', thread: thread.id });
      const { changes } = await client.get<'resume'>({ action: 'resume', thread: thread.id, after: 1 });
      expect(changes.map(([seq, , , , content]) => `${seq} ${content}`)).toEqual(['2 while they were away']);
      return client;
    }),
  );
  for (const client of back) client.close();
  await server.stop();
  folder.remove();
}, 30_000);

function threadOf(url: string, as: Person, id: number): Promise<ThreadView> {
  return ask<ThreadView>(url, `/api/threads/${id}`, { as });
}
