import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { RawClient } from './raw-client.ts';

const LIMIT_MS = 10_000;

const folder = temporaryFolder('handshakes');
let server: ServerProcess;

beforeAll(async () => {
  server = await startLimitedServer({}, folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test.concurrent.each([
  ['says nothing', ''],
  ['stops in its first line', 'GET /ws'],
  ['stops in its headers', 'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgr'],
  ['stops before the last empty line', 'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n'],
])(
  'who %s is cut within 10 s',
  async (_, beginning) => {
    const client = await RawClient.connect(server);
    client.write(beginning);
    expect(await client.closed).toBeLessThan(LIMIT_MS);
  },
  20_000,
);

test.concurrent('whose headers trickle in, byte by byte, is cut within 10 s all the same', async () => {
  const client = await RawClient.connect(server);
  client.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
  const trickle = setInterval(() => client.write('x'), 300);
  expect(await client.closed).toBeLessThan(LIMIT_MS);
  clearInterval(trickle);
}, 20_000);

test.concurrent('whose body trickles in gets no more than some seconds longer', async () => {
  const client = await RawClient.connect(server);
  client.write('POST /api/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
  client.write('Content-Length: 1000\r\n\r\n');
  const trickle = setInterval(() => client.write(' '), 300);
  expect(await client.closed).toBeLessThan(15_000);
  clearInterval(trickle);
}, 20_000);

test.concurrent('who opens a v2 socket and never says hello is sent away within 10 s', async () => {
  const client = await SocketClient.open(server.socketUrl, { protocols: ['pokers.v2'] });
  const since = performance.now();
  expect((await client.closed).code).toBe(4002);
  expect(performance.now() - since).toBeLessThan(LIMIT_MS);
}, 20_000);

test.concurrent('a quiet classic client is left alone', async () => {
  const classic = await RawClient.upgrade(server);
  await Bun.sleep(11_000);
  expect(classic.isOpen).toBe(true);
  classic.destroy();
}, 20_000);
