import { afterAll, beforeAll, expect, test } from 'bun:test';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { RawClient } from './raw-client.ts';

const SLOW = 20;
const LONG = '字'.repeat(8_000);

const folder = temporaryFolder('slow');
let server: ServerProcess;
let ming: Person;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  ming = await signUp(server.url, 'Ming');
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('who does not read is sent away, memory stays bounded, and the others get everything', async () => {
  const { thread } = await foundClass(server.url, ming, []);
  const reader = await V2Client.open(server.socketUrl, ming);
  const speaker = await V2Client.open(server.socketUrl, ming);
  const slow = await Promise.all(Array.from({ length: SLOW }, () => joined(thread.id)));
  await reader.get<'join'>({ action: 'join', thread: thread.id });
  for (const client of slow) client.stopReading();
  const before = await metricsOf(server);
  expect(before.get('pokers_connections{dialect="v2"}')).toBe(SLOW + 2);

  let posted = 0;
  let most = 0;
  const deadline = Date.now() + 40_000;
  for (let open = SLOW + 2; open > 2 && Date.now() < deadline; ) {
    await Promise.all(Array.from({ length: 20 }, () => post(speaker, thread.id)));
    posted += 20;
    const now = await metricsOf(server);
    open = now.get('pokers_connections{dialect="v2"}') ?? 0;
    most = Math.max(most, now.get('process_resident_memory_bytes') ?? 0);
  }
  const after = await metricsOf(server);
  expect(after.get('pokers_connections{dialect="v2"}')).toBe(2);
  expect(after.get('pokers_too_slow_total')).toBeGreaterThan(0);
  // What they did not read, 20 times a quarter of a MB, and the garbage of posts of 24 KB each.
  expect(most - (before.get('process_resident_memory_bytes') ?? 0)).toBeLessThan(150e6);

  await reader.socket.until((frame) => (frame.e as unknown[][] | undefined)?.at(-1)?.[0] === posted);
  const seqs = reader.events().flatMap(({ e }) => e.map(([seq]) => seq));
  expect(seqs).toEqual(Array.from({ length: posted }, (_, index) => index + 1));
  for (const client of slow) client.destroy();
  for (const client of [reader, speaker]) client.close();
}, 60_000);

async function joined(thread: number): Promise<RawClient> {
  const client = await RawClient.upgrade(server, {
    authorization: `Bearer ${ming.token}`,
    'sec-websocket-protocol': 'pokers.v2',
  });
  client.sendText({ action: 'hello' });
  client.sendText({ action: 'join', thread });
  await client.until(() => client.frames.length === 2);
  return client;
}

function post(speaker: V2Client, thread: number): Promise<object> {
  return speaker.get<'post'>({ action: 'post', thread, content: LONG, nonce: crypto.randomUUID() });
}
