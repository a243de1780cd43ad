import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { MessagesView } from '@pokers/protocol/http';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { Fetching } from './file-server.ts';

const MBIT = 125_000;
/** A page of such messages is 4.8 MB: 40 s of the link. */
const PAGE = 200;
const LONG = '字'.repeat(8_000);
/** How long something is measured, in ms. */
const MEASURE_MS = 3_000;

const folder = temporaryFolder('egress');
let server: ServerProcess;
let ming: Person;
let lily: Person;
let path: string;
let thread: number;

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--egress', '1mbit');
  ming = await signUp(server.url, 'Ming');
  lily = await signUp(server.url, 'Lily');
  const { classroom, thread: long } = await foundClass(server.url, ming, [lily]);
  const speaker = await V2Client.open(server.socketUrl, ming);
  await Promise.all(
    Array.from({ length: PAGE }, () => speaker.get<'post'>(post(long.id, LONG, crypto.randomUUID()))),
  );
  speaker.close();
  path = `/api/threads/${long.id}/messages?limit=${PAGE}`;
  ({ id: thread } = (await foundClass(server.url, ming, [lily], `Beside ${classroom.name}`)).thread);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('while someone fetches much, who talks is heard at once, and the link is never overrun', async () => {
  const quiet = await Fetching.start(server.url + path, { authorization: `Bearer ${lily.token}` });
  await Bun.sleep(500);
  const alone = await during(() => Bun.sleep(MEASURE_MS));
  expect(alone.bulk / MBIT).toBeWithin(0.85, 0.97);

  const delays: number[] = [];
  const talking = await during(async () => delays.push(...(await talk(MEASURE_MS))));
  const all = talking.chat + talking.http + talking.bulk;
  expect(all / MBIT).toBeWithin(0.8, 1.05);
  // What was said took its part from the download.
  expect(talking.chat / MBIT).toBeGreaterThan(0.1);
  expect(alone.bulk - talking.bulk).toBeGreaterThan(talking.chat * 0.6);
  delays.sort((a, b) => a - b);
  expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThan(100);
  quiet.abort();
}, 20_000);

test('what was fetched so slowly is whole', async () => {
  const response = await fetch(`${server.url}${path.replace(/\d+$/, '10')}`, {
    headers: { authorization: `Bearer ${ming.token}` },
  });
  const { messages } = (await response.json()) as MessagesView;
  expect(messages.map(({ content }) => content)).toEqual(Array.from({ length: 10 }, () => LONG));
});

test('the processes share the link, and say so together', async () => {
  const other = temporaryFolder('egress-workers');
  const workers = await startServerProcess(other.path, '--egress', '2mbit', '--workers', '2');
  const metrics = await metricsOf(workers);
  expect(metrics.get('pokers_egress_limit_bytes_per_second')).toBe(2 * MBIT);
  expect(metrics.get('pokers_egress_delay_seconds')).toBe(0);
  expect(metrics.get('pokers_egress_downloads')).toBe(0);
  await workers.stop();
  other.remove();
}, 20_000);

/** Bytes a second that left of each kind while this went on. */
async function during(action: () => Promise<unknown>) {
  const read = async () => {
    const metrics = await metricsOf(server);
    const of = (kind: string): number => metrics.get(`pokers_egress_bytes_total{kind="${kind}"}`) ?? 0;
    return { chat: of('chat'), http: of('http'), bulk: of('bulk'), at: performance.now() };
  };
  const before = await read();
  await action();
  const after = await read();
  const rate = (kind: 'chat' | 'http' | 'bulk'): number =>
    ((after[kind] - before[kind]) / (after.at - before.at)) * 1_000;
  return { chat: rate('chat'), http: rate('http'), bulk: rate('bulk') };
}

/** Ming talks, fast, to Lily; answers how long each message took to reach her, in ms. */
async function talk(ms: number): Promise<number[]> {
  const [speaker, listener] = [
    await V2Client.open(server.socketUrl, ming),
    await V2Client.open(server.socketUrl, lily),
  ];
  for (const client of [speaker, listener]) await client.get<'join'>({ action: 'join', thread });
  const delays: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; await Bun.sleep(20)) {
    const at = performance.now();
    void speaker.get<'post'>(post(thread, 'Have you seen it? It takes for ever', crypto.randomUUID()));
    await listener.nextEvent();
    delays.push(performance.now() - at);
  }
  speaker.close();
  listener.close();
  return delays;
}

function post(thread: number, content: string, nonce: string) {
  return { action: 'post', thread, content, nonce } as const;
}
