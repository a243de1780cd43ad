import { afterAll, beforeAll, expect, test } from 'bun:test';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, openThread, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';

const CONNECTS = 10_000;
const AT_ONCE = 100;

const folder = temporaryFolder('churn');
let server: ServerProcess;
let ming: Person;
const threads: { id: number; class: number }[] = [];

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--classic', 'open');
  ming = await signUp(server.url, 'Ming');
  const { classroom, thread } = await foundClass(server.url, ming, []);
  threads.push(thread);
  for (const name of ['second', 'third'])
    threads.push(await openThread(server.url, ming, classroom.id, name));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test(`after ${CONNECTS} connects and disconnects the hub is empty and memory is flat`, async () => {
  const resident: number[] = [];
  for (let done = 0; done < CONNECTS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => visit(done + index)));
    if (done % 1_000 === 0)
      resident.push((await metricsOf(server)).get('process_resident_memory_bytes') ?? 0);
  }
  await emptied();
  const metrics = await metricsOf(server);
  expect(metrics.get('pokers_joins')).toBe(0);
  expect(metrics.get('pokers_threads_joined')).toBe(0);
  expect(metrics.get('pokers_connections{dialect="classic"}')).toBe(0);

  // The first thousands warm the heap up; from then on nothing may be left behind by each connection.
  const [warm, last] = [Math.max(...resident.slice(2, 5)), Math.max(...resident.slice(-3))];
  expect(last / warm).toBeLessThan(1.15);
}, 120_000);

test('who joins and leaves at once, before the join is answered, leaves nothing behind', async () => {
  for (let round = 0; round < 50; round++) {
    const clients = await Promise.all(Array.from({ length: 20 }, () => SocketClient.open(server.socketUrl)));
    for (const client of clients) {
      for (const thread of threads) client.send(joinOf(thread));
      client.terminate();
    }
  }
  await emptied();
  expect((await metricsOf(server)).get('pokers_threads_joined')).toBe(0);
}, 60_000);

/** Joins the threads in an order of its own, some twice, waits for the answers, and goes in one way or the other. */
async function visit(index: number): Promise<void> {
  const client = await SocketClient.open(server.socketUrl);
  const order = [...threads, ...threads].slice(index % 3, (index % 3) + 1 + (index % 4));
  for (const thread of order) client.send(joinOf(thread));
  for (const _ of order) await client.until(({ code }) => code === 100);
  if (index % 2 === 0) client.terminate();
  else client.close();
  await client.closed;
}

function joinOf(thread: { id: number; class: number }): object {
  return {
    action: 'join',
    thread_id: thread.id,
    class_id: thread.class,
    speaker: ming.id,
    speaker_name: ming.name,
  };
}

/** Waits until the server has seen everyone go, which takes it a moment after the last one went. */
async function emptied(): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await metricsOf(server)).get('pokers_connections{dialect="classic"}') !== 0) {
    if (Date.now() > deadline) throw new Error('connections are still open after 10 s');
    await Bun.sleep(50);
  }
}
