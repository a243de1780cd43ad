import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { AuditView } from '@pokers/protocol/classes';
import type { SessionView } from '@pokers/protocol/http';
import { proxyRanges } from '@pokers/server/cli/proxy-ranges';
import { Senders } from '@pokers/server/doors/sender';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import { failureOf } from '../actors/failure.ts';
import { ask, foundClass, postOverHttp, request, signUp } from '../actors/people.ts';
import {
  runCli,
  type ServerProcess,
  startLimitedServer,
  startServerProcess,
  temporaryFolder,
} from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

const folder = temporaryFolder('proxies');
const data = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

const forwarded = (headers: Record<string, string>): Request =>
  new Request('http://chat.example/', { headers });

function addressBehind(trusted: string, peer: string, forwardedFor?: string): string | undefined {
  const senders = new Senders({ trustProxy: proxyRanges(trusted) });
  return senders.of(forwarded(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }), peer)
    .address;
}

test('the right-most address that is no trusted proxy counts, whatever a stranger wrote before it', () => {
  expect(addressBehind('loopback', '127.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  expect(addressBehind('loopback', '::1', '203.0.113.9')).toBe('203.0.113.9');
  expect(addressBehind('loopback', '::ffff:127.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  expect(addressBehind('loopback', '127.0.0.1', '10.9.9.9, 203.0.113.9')).toBe('203.0.113.9');
  expect(addressBehind('loopback,10.0.0.0/8', '127.0.0.1', '6.6.6.6, 203.0.113.9, 10.1.2.3')).toBe(
    '203.0.113.9',
  );
  expect(addressBehind('loopback', '127.0.0.1', '6.6.6.6, 127.0.0.1, 203.0.113.9')).toBe('203.0.113.9');
  expect(addressBehind('2001:db8::/32', '2001:db8::7', '2001:0DB8:ffff::1,2A00::0001')).toBe('2a00::1');
});

test('some proxies write the port, or IPv4 as IPv6', () => {
  expect(addressBehind('loopback', '127.0.0.1', '203.0.113.9:51234')).toBe('203.0.113.9');
  expect(addressBehind('loopback', '127.0.0.1', '[2a00::1]:51234')).toBe('2a00::1');
  expect(addressBehind('loopback', '127.0.0.1', '::ffff:203.0.113.9')).toBe('203.0.113.9');
});

test('who is no trusted proxy is not believed', () => {
  expect(addressBehind('10.0.0.0/8', '203.0.113.1', '6.6.6.6')).toBe('203.0.113.1');
  expect(addressBehind('10.0.0.1', '10.0.0.2', '6.6.6.6')).toBe('10.0.0.2');
  const trustsNobody = new Senders({});
  const request = forwarded({ 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' });
  expect(trustsNobody.of(request, '127.0.0.1')).toEqual({ address: '127.0.0.1', isSecure: false });
  expect(trustsNobody.of(request, undefined)).toEqual({ address: undefined, isSecure: false });
});

test('what is no address is no address: the proxy that passed it on counts', () => {
  const nonsense = [
    '',
    ',',
    'unknown',
    '_hidden',
    '1.2.3',
    '0x7f.1',
    '1.2.3.4.5',
    '999.1.1.1',
    '<script>',
    '::1::',
    '[',
    '[::1',
    'é',
  ];
  for (const text of nonsense)
    expect([text, addressBehind('loopback', '127.0.0.1', text)]).toEqual([text, '127.0.0.1']);
  expect(addressBehind('loopback,10.0.0.1', '127.0.0.1', '6.6.6.6, nonsense, 10.0.0.1')).toBe('10.0.0.1');
  expect(addressBehind('loopback', '127.0.0.1', '127.0.0.1,'.repeat(5_000))).toBe('127.0.0.1');
});

test('a request is secure where a trusted proxy says so of all the way, and only there', () => {
  const senders = new Senders({ trustProxy: proxyRanges('loopback') });
  const said = (protocol: string, peer = '127.0.0.1'): boolean =>
    senders.of(forwarded({ 'x-forwarded-proto': protocol }), peer).isSecure;
  expect(said('https')).toBe(true);
  expect(said('HTTPS , https')).toBe(true);
  for (const not of ['http', 'https, http', 'http, https', '', 'wss', 'httpss'])
    expect([not, said(not)]).toEqual([not, false]);
  expect(said('https', '203.0.113.1')).toBe(false);
  expect(senders.of(forwarded({}), '127.0.0.1').isSecure).toBe(false);
});

test('wrong lists of proxies and addresses of the server are refused in words', async () => {
  for (const wrong of ['', 'localhost', '10.0.0.0/33', '10.0.0', '10.0.0.1,', '*', '0x0a.0.0.1']) {
    const { code, stderr } = await runCli('serve', `--trust-proxy=${wrong}`);
    expect([wrong, code, stderr]).toEqual([wrong, 2, expect.stringContaining('--trust-proxy')]);
  }
  for (const wrong of [
    'chat.example.org',
    'ftp://chat.example.org',
    'https://chat.example.org/chat',
    'https://ming:secret@chat.example.org',
    'https://chat.example.org/?a=1',
    'https://chat.example.org/#a',
    'https://',
  ]) {
    const { code, stderr } = await runCli('serve', '--url', wrong);
    expect([wrong, code, stderr]).toEqual([wrong, 2, expect.stringContaining('--url')]);
  }
});

interface Noted {
  readonly ip_address: string;
}

/** The address that the server noted with the newest session. */
function notedAddress(server: ServerProcess): string | undefined {
  using db = new Database(join(server.data, 'pokers.db'), { readonly: true });
  return db.query<Noted, []>('select ip_address from sessions order by id desc limit 1').get()?.ip_address;
}

async function signUpBy(server: ServerProcess, headers: Record<string, string>) {
  const body = { name: 'Ming', email: `${crypto.randomUUID()}@test.example`, password: 'correct horse' };
  const response = await request(server.url, '/api/sign-up', { body, headers });
  const { token } = (await response.json()) as SessionView;
  return { token, cookie: response.headers.get('set-cookie') ?? '', noted: notedAddress(server) };
}

test('behind a trusted proxy Ming’s session has her own address and a Secure cookie', async () => {
  const server = await startServerProcess(data('trusting'), '--trust-proxy');
  const ming = await signUpBy(server, {
    'x-forwarded-for': '6.6.6.6, 2001:db8::7',
    'x-forwarded-proto': 'https',
  });
  expect(ming.noted).toMatch(/^2001:0?db8:.*7$/);
  expect(ming.cookie).toEndWith('; Secure');
  const plain = await signUpBy(server, { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' });
  expect(plain.noted).toBe('203.0.113.9');
  expect(plain.cookie).not.toContain('Secure');
  await server.stop();
});

test('without --trust-proxy nobody can choose the address that is noted, nor call the line secure', async () => {
  const server = await startServerProcess(data('wary'));
  const forged = await signUpBy(server, {
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'https',
    'x-pokers-address': '6.6.6.6',
  });
  expect(forged.noted).toMatch(/^(127\.0\.0\.1|[0:]+1)$/);
  expect(forged.cookie).not.toContain('Secure');
  await server.stop();
});

test('limits count each client behind a trusted proxy, over sockets and HTTP', async () => {
  const limits = { connectionsPerAddress: 1, signUpsBurst: 1 };
  const server = await startLimitedServer(limits, data('limited'), '--trust-proxy', '127.0.0.0/8,::1');
  const from = (address: string) =>
    SocketClient.open(server.socketUrl, {
      headers: { 'x-forwarded-for': address },
      protocols: ['pokers.v2'],
    });
  const ming = await from('203.0.113.1');
  const fang = await from('6.6.6.6, 203.0.113.2');
  expect(await failureOf(from('6.6.6.6, 203.0.113.1'))).toBeInstanceOf(Error);
  ming.close();
  fang.close();
  const statusFor = async (address: string): Promise<number> => {
    const body = { name: 'Ming', email: `${crypto.randomUUID()}@test.example`, password: 'correct horse' };
    const headers = { 'x-forwarded-for': address };
    return (await request(server.url, '/api/sign-up', { body, headers })).status;
  };
  expect(await statusFor('203.0.113.3')).toBe(201);
  expect(await statusFor('203.0.113.4')).toBe(201);
  expect(await statusFor('6.6.6.6, 203.0.113.4')).toBe(429);
  await server.stop();
});

test('the log of a class has the whole address of whoever acts over a socket, though limits count half of it', async () => {
  const server = await startServerProcess(data('log'), '--trust-proxy', 'loopback');
  const chen = await signUp(server.url, 'Ms Chen');
  const ming = await signUp(server.url, 'Ming');
  const { classroom, thread } = await foundClass(server.url, chen, [ming]);
  const message = await postOverHttp(server.url, ming, thread.id, 'nonsense');
  const own = await postOverHttp(server.url, chen, thread.id, 'a slip');
  const headers = { 'x-forwarded-for': '2001:db8:1:2:3:4:5:6' };
  const client = await V2Client.connect(server.socketUrl, { token: chen.token, headers });
  await client.ask({ action: 'hello' });
  for (const { id } of [message, own, message])
    await client.get({ action: 'delete', message: id, nonce: crypto.randomUUID() });
  const path = `/api/classes/${classroom.id}/audit`;
  const { entries } = await ask<AuditView>(server.url, path, { as: chen });
  expect(entries.filter(({ action }) => action === 'message.delete')).toMatchObject([
    {
      actor: chen.id,
      user: ming.id,
      user_name: 'Ming',
      detail: { thread: thread.id, message: message.id },
    },
  ]);
  // Addresses are kept for who runs the server: heads of classes are not shown them.
  const db = new Database(databaseFile(data('log')), { readonly: true });
  const rows = db.query(`select address from audit where action = 'message.delete'`).all();
  expect(rows).toEqual([{ address: headers['x-forwarded-for'] }]);
  db.close();
  client.close();
  await server.stop();
});
