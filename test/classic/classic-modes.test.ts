import { afterAll, expect, test } from 'bun:test';
import { foundClass, postOverHttp, signUp } from '../actors/people.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';

const folder = temporaryFolder('modes');
afterAll(() => folder.remove());

const NO_USER = '{"op":"send","status":false,"code":107,"msg":"User does not exist or not in the class"}';

test('by default a classic frame must come from the session’s own user, else it gets 107', async () => {
  const server = await startServerProcess(`${folder.path}/session`);
  const ming = await signUp(server.url, 'Ming');
  const lily = await signUp(server.url, 'Lily');
  const { classroom, thread } = await foundClass(server.url, ming, [lily]);
  const join = (speaker: { id: number; name: string }) => ({
    action: 'join',
    thread_id: thread.id,
    class_id: classroom.id,
    speaker: speaker.id,
    speaker_name: speaker.name,
  });

  const nobody = await SocketClient.open(server.socketUrl);
  nobody.send(join(ming));
  expect([await nobody.next(), await nobody.next()]).toEqual(['{"op":"connect","status":true}', NO_USER]);

  for (const signedIn of [{ token: ming.token }, { headers: { cookie: ming.cookie } }]) {
    const client = await SocketClient.open(server.socketUrl, signedIn);
    await client.next();
    client.send(join(lily));
    expect(await client.next()).toBe(NO_USER);
    client.send(join({ ...ming, name: 'Lily' }));
    expect(await client.next()).toBe(NO_USER);
    client.send(join({ ...ming, name: 'MING' }));
    expect(await client.nextJson()).toMatchObject({ op: 'join', code: 100 });
    const stored = await postOverHttp(server.url, ming, thread.id, 'mine');
    client.send({ ...join(ming), action: 'send', mes_id: stored.id });
    expect(await client.nextJson()).toMatchObject({ op: 'send', code: 105 });
    expect(await client.nextJson()).toMatchObject({ id: stored.id, content: 'mine' });
    client.close();
  }
  nobody.close();
  await server.stop();
});

test('a page of another site gets no classic socket with someone’s cookie', async () => {
  const server = await startServerProcess(`${folder.path}/session`);
  const response = await fetch(`${server.url}/wss`, {
    headers: {
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      origin: 'https://evil.example',
    },
  });
  expect([response.status, await response.json()]).toEqual([
    403,
    expect.objectContaining({ error: 'origin_denied' }),
  ]);
  await server.stop();
});

test('with --classic off there is no classic door, and the answer says so', async () => {
  const server = await startServerProcess(`${folder.path}/off`, '--classic', 'off');
  const response = await fetch(`${server.url}/wss`, {
    headers: {
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  });
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 104 })]);
  await server.stop();
});
