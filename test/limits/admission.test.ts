import { expect, test } from 'bun:test';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

/** What a request for a socket is answered, where it is refused. */
async function knock(server: ServerProcess, token?: string): Promise<Response> {
  return fetch(`${server.url}/wss`, {
    headers: {
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'pokers.v2',
      ...(token && { authorization: `Bearer ${token}` }),
    },
  });
}

async function withServer(
  limits: Record<string, number>,
  use: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder('admission');
  const server = await startLimitedServer(limits, folder.path);
  try {
    await use(server);
  } finally {
    await server.stop();
    folder.remove();
  }
}

test('a full server answers 503 and when to try again; when one goes there is room', async () => {
  await withServer({ connections: 3 }, async (server) => {
    const clients = await Promise.all([1, 2, 3].map(() => SocketClient.open(server.socketUrl)));
    const refused = await knock(server);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 122, error: 'busy' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(5);
    expect((await metricsOf(server)).get('pokers_refused_total{reason="connections"}')).toBe(1);

    clients[0]?.close();
    await clients[0]?.closed;
    (await SocketClient.open(server.socketUrl)).close();
    for (const client of clients) client.close();
  });
});

test('one address has so many sockets and no more; a refused or broken handshake takes none of them', async () => {
  await withServer({ connectionsPerAddress: 2 }, async (server) => {
    for (let count = 0; count < 5; count++) {
      const broken = await fetch(server.socketUrl.replace('ws', 'http'), {
        headers: { upgrade: 'websocket' },
      });
      expect(broken.status).toBe(400);
    }
    const clients = await Promise.all([1, 2].map(() => SocketClient.open(server.socketUrl)));
    const refused = await knock(server);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    for (const client of clients) client.close();
  });
});

test('one user has so many sockets and no more, however the session comes; others come in', async () => {
  await withServer({ connectionsPerUser: 2 }, async (server) => {
    const [ming, lily] = [await signUp(server.url, 'Ming'), await signUp(server.url, 'Lily')];
    const first = await V2Client.open(server.socketUrl, ming);
    const second = await V2Client.connect(server.socketUrl);
    await second.get<'hello'>({ action: 'hello', token: ming.token });

    expect((await knock(server, ming.token)).status).toBe(429);
    const third = await V2Client.connect(server.socketUrl);
    expect(await third.ask({ action: 'hello', token: ming.token })).toMatchObject({ error: 'too_many' });
    expect(await third.ask({ action: 'hello', token: lily.token })).toMatchObject({ user: lily.id });

    second.close();
    await second.socket.closed;
    (await V2Client.open(server.socketUrl, ming)).close();
    for (const client of [first, third]) client.close();
  });
});

test('when memory runs out nobody is let in, and who is in goes on', async () => {
  const folder = temporaryFolder('memory');
  let server = await startLimitedServer({}, folder.path);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  await server.stop();

  server = await startLimitedServer({ memoryBytes: 1 }, folder.path);
  const client = await V2Client.open(server.socketUrl, ming); // before memory is looked at for the first time
  await Bun.sleep(1_500);
  const refused = await knock(server, ming.token);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(5);
  const { email, password } = ming;
  expect((await request(server.url, '/api/sign-in', { body: { email, password } })).status).toBe(503);
  expect((await request(server.url, '/api/classes', { as: ming })).status).toBe(200);
  expect(
    await client.get<'post'>({ action: 'post', thread: thread.id, content: 'still here', nonce: 'n' }),
  ).toMatchObject({ seq: 1 });
  expect((await metricsOf(server)).get('pokers_refused_total{reason="memory"}')).toBe(2);
  expect(server.complaints()).toContain('memory runs out');
  client.close();
  await server.stop();
  folder.remove();
});

test('a setting that names no limit is a mistake in how the server was started', async () => {
  const folder = temporaryFolder('setting');
  let said = '';
  await startLimitedServer({ conections: 3 }, folder.path).catch((error) => {
    said = String(error);
  });
  expect(said).toContain('conections');
  folder.remove();
});
