import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isForeign, isNavigation } from '@pokers/server/doors/origin';
import { failureOf } from '../actors/failure.ts';
import { type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';

const PUBLIC_URL = 'https://chat.example.net';

/** Whether a page with this Origin is foreign to a server that was addressed as `host`. */
function foreign(host: string, origin: string, options: { isSecure?: boolean; url?: string } = {}): boolean {
  const sender = { address: '203.0.113.1', isSecure: options.isSecure ?? false };
  return isForeign(new Request('http://x/', { headers: { host, origin } }), sender, options.url);
}

test('a page of ours is known in every way in which browsers write it', () => {
  const own: [string, string][] = [
    ['pokers.example.org', 'http://pokers.example.org'],
    ['pokers.example.org', 'https://pokers.example.org'], // a proxy that is not trusted took TLS off
    ['Pokers.Example.ORG', 'http://pokers.example.org'],
    ['pokers.example.org:80', 'http://pokers.example.org'],
    ['pokers.example.org:443', 'https://pokers.example.org'],
    ['pokers.example.org:2000', 'http://pokers.example.org:2000'],
    ['pokers.example.org.', 'http://pokers.example.org.'],
    ['localhost:2000', 'http://localhost:2000'],
    ['192.168.1.7:2000', 'http://192.168.1.7:2000'],
    ['[::1]:2000', 'http://[::1]:2000'],
    ['[2001:DB8:0::7]', 'http://[2001:db8::7]'],
  ];
  for (const [host, origin] of own)
    expect([host, origin, foreign(host, origin)]).toEqual([host, origin, false]);
});

test('no page of another site passes for ours', () => {
  const host = 'pokers.example.org:2000';
  for (const origin of [
    'null',
    '',
    'http://pokers.example.org',
    'http://pokers.example.org:2001',
    'http://pokers.example.org:02000',
    'http://pokers.example.org.:2000',
    'http://pokers.example.org.evil.example:2000',
    'http://evilpokers.example.org:2000',
    'http://evil.pokers.example.org:2000',
    'http://example.org:2000',
    'http://pokers.example.org:2000@evil.example',
    'http://evil.example@pokers.example.org:2000',
    'http://evil.example#pokers.example.org:2000',
    'http://evil.example?pokers.example.org:2000',
    'http://evil.example\\pokers.example.org:2000',
    'http://pokers.example.org:2000/',
    'http://pokers.example.org:2000/page',
    'HTTP://POKERS.EXAMPLE.ORG:2000',
    'http://pokers%2eexample.org:2000',
    'ftp://pokers.example.org:2000',
    'ws://pokers.example.org:2000',
    'chrome-extension://pokers.example.org:2000',
    'file://',
    'pokers.example.org:2000',
    'http://pokers.example.org:2000, http://evil.example',
    'http://evil.example http://pokers.example.org:2000',
    'http://[::1]:2000',
  ])
    expect([origin, foreign(host, origin)]).toEqual([origin, true]);
  for (const strange of ['', ' ', ':2000', '/', 'evil example'])
    expect([strange, foreign(strange, 'http://pokers.example.org:2000')]).toEqual([strange, true]);
});

test('IPv6 addresses are compared whole', () => {
  expect(foreign('[::1]:2000', 'http://[::2]:2000')).toBe(true);
  expect(foreign('[::1]:2000', 'http://[0:0:0:0:0:0:0:1]:2000')).toBe(true); // no browser writes it so
  expect(foreign('[::1]:2000', 'http://127.0.0.1:2000')).toBe(true);
});

test('where the request came by TLS, the page must have come by TLS', () => {
  expect(foreign('pokers.example.org', 'https://pokers.example.org', { isSecure: true })).toBe(false);
  expect(foreign('pokers.example.org', 'http://pokers.example.org', { isSecure: true })).toBe(true);
});

test('the public address is ours beside the one that was asked', () => {
  const url = PUBLIC_URL;
  expect(foreign('127.0.0.1:2000', url, { url })).toBe(false);
  expect(foreign('127.0.0.1:2000', 'http://127.0.0.1:2000', { url })).toBe(false);
  expect(foreign('127.0.0.1:2000', 'http://chat.example.net', { url })).toBe(true);
  expect(foreign('127.0.0.1:2000', `${url}.evil.example`, { url })).toBe(true);
});

test('without an Origin, what the browser says of the site decides, and programs say nothing', () => {
  const from = (site?: string): boolean =>
    isForeign(
      new Request('http://x/', { headers: site === undefined ? {} : { 'sec-fetch-site': site } }),
      { address: undefined, isSecure: false },
      undefined,
    );
  expect([from(), from('same-origin'), from('none')]).toEqual([false, false, false]);
  expect([from('cross-site'), from('same-site'), from('anything')]).toEqual([true, true, true]);
});

test('only what asks for a page is a navigation', () => {
  const asked = (method: string, mode: string): boolean =>
    isNavigation(new Request('http://x/', { method, headers: { 'sec-fetch-mode': mode } }));
  expect(asked('GET', 'navigate')).toBe(true);
  expect(asked('POST', 'navigate')).toBe(false);
  expect(asked('GET', 'no-cors')).toBe(false);
});

describe('on a server', () => {
  const folder = temporaryFolder('origins');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path, '--url', PUBLIC_URL);
    ming = await signUp(server.url, 'Ming');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const change = async (headers: Record<string, string>, as?: Person): Promise<number> =>
    (await request(server.url, '/api/classes', { as, body: { name: 'Made' }, headers })).status;

  test('changes are refused to pages of other sites, with a cookie, with a token, and with neither', async () => {
    for (const foreign of [
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { origin: `http://localhost:${server.port + 1}` },
      { origin: `http://localhost.evil.example:${server.port}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      expect(await change({ ...foreign, cookie: ming.cookie })).toBe(403);
      expect(await change(foreign, ming)).toBe(403);
      expect(await change(foreign)).toBe(403);
    }
    for (const own of [
      { origin: server.url },
      { origin: PUBLIC_URL },
      { 'sec-fetch-site': 'same-origin' },
      {},
    ] as Record<string, string>[])
      expect(await change({ ...own, cookie: ming.cookie })).toBe(201);
  });

  test('nobody signs Ming in or out from another site', async () => {
    const headers = { origin: 'https://evil.example', cookie: ming.cookie };
    const signIn = await request(server.url, '/api/sign-in', {
      headers,
      body: { email: ming.email, password: ming.password },
    });
    expect([signIn.status, signIn.headers.get('set-cookie')]).toEqual([403, null]);
    expect((await request(server.url, '/api/sign-out', { method: 'POST', headers })).status).toBe(403);
    expect((await request(server.url, '/api/me', { headers: { cookie: ming.cookie } })).status).toBe(200);
  });

  test('other sites read nothing either, but may link to us', async () => {
    const read = async (headers: Record<string, string>): Promise<number> =>
      (await request(server.url, '/api/me', { headers: { cookie: ming.cookie, ...headers } })).status;
    expect(await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBe(403);
    expect(await read({ origin: 'https://evil.example', 'sec-fetch-mode': 'cors' })).toBe(403);
    expect(await read({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect((await fetch(server.url, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  test('sockets are opened for our own pages and for programs only', async () => {
    const open = (headers: Record<string, string>, protocols: string[]) =>
      SocketClient.open(server.socketUrl, { headers: { cookie: ming.cookie, ...headers }, protocols });
    for (const protocols of [['pokers.v2'], []]) {
      for (const origin of ['null', 'https://evil.example', `http://localhost:${server.port + 1}`])
        expect(await failureOf(open({ origin }, protocols))).toBeInstanceOf(Error);
      expect(await failureOf(open({ 'sec-fetch-site': 'cross-site' }, protocols))).toBeInstanceOf(Error);
      for (const own of [{ origin: server.url }, { origin: PUBLIC_URL }, {}] as Record<string, string>[])
        (await open(own, protocols)).close();
    }
  });
});
