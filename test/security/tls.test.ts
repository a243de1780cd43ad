import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { SessionView } from '@pokers/protocol/http';
import { BunSocket } from '../actors/bun-socket.ts';
import { runCli, type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { type CertificateFiles, makeCertificate } from './certificates.ts';

const folder = temporaryFolder('tls');
const file = (name: string): string => join(folder.path, name);
let good: CertificateFiles;
let server: ServerProcess;
/** What a client has to know to trust a certificate that signed itself. */
let ca: string;

beforeAll(async () => {
  good = await makeCertificate(folder.path, 'good');
  ca = readFileSync(good.cert, 'utf8');
  server = await startServerProcess(file('data'), '--tls-cert', good.cert, '--tls-key', good.key);
});

afterAll(async () => {
  await server.stop();
  folder.remove();
});

const signUp = (url: string): Promise<Response> =>
  fetch(`${url}/api/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ming',
      email: `${crypto.randomUUID()}@test.example`,
      password: 'correct horse',
    }),
    tls: { ca },
  });

/** Says hello on a socket over TLS, and answers with the first frame. */
function helloOf(url: string, token: string): Promise<Record<string, unknown>> {
  const options = { headers: { authorization: `Bearer ${token}` }, protocols: ['pokers.v2'], tls: { ca } };
  const socket = new BunSocket(url, options);
  return new Promise((resolve, reject) => {
    socket.onopen = () => socket.send('{"action":"hello","ref":1}');
    socket.onmessage = ({ data }) => {
      socket.terminate();
      resolve(JSON.parse(String(data)));
    };
    socket.onerror = () => reject(new Error(`${url} refused the socket`));
  });
}

test('with a certificate the server speaks HTTPS, says so, and its cookie and its pages want it', async () => {
  expect(server.greeting).toContain(`https://localhost:${server.port}`);
  const response = await signUp(server.url);
  expect(response.status).toBe(201);
  const [session, ...others] = response.headers.getSetCookie();
  expect(session).toMatch(/^pokers\.session_token=[^;]+;.*HttpOnly;.*SameSite=Lax; Secure$/i);
  for (const cookie of others) expect(cookie).toMatch(/;.*HttpOnly;.*; Secure$/i);
  expect(response.headers.get('strict-transport-security')).toBe('max-age=2592000');
  const { token, user } = (await response.json()) as SessionView;
  expect(await helloOf(server.socketUrl, token)).toMatchObject({ op: 'hello', user: user.id });
});

test('a page by plain HTTP of the same name and port is another site', async () => {
  for (const [origin, status] of [
    [`https://localhost:${server.port}`, 400],
    [`http://localhost:${server.port}`, 403],
  ] as const) {
    const response = await fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{}',
      tls: { ca },
    });
    expect([origin, response.status]).toEqual([origin, status]);
  }
});

test('who speaks plain HTTP to it gets nothing', async () => {
  const said = Promise.withResolvers<string>();
  let text = '';
  const socket = connect(server.port, '127.0.0.1', () =>
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'),
  );
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => said.resolve(text));
  expect(await said.promise).not.toContain('HTTP/1.1 2');
});

test('several workers share the certificate', async () => {
  const several = await startServerProcess(
    file('several'),
    ...['--workers', '2', '--tls-cert', good.cert, '--tls-key', good.key],
  );
  expect(several.greeting).toContain('https://');
  const responses = await Promise.all(Array.from({ length: 8 }, () => signUp(several.url)));
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
  await several.stop();
});

test('a restart takes a renewed certificate', async () => {
  const files = await makeCertificate(folder.path, 'renewed');
  const options = ['--tls-cert', files.cert, '--tls-key', files.key];
  const first = await startServerProcess(file('renewed-data'), ...options);
  await first.stop();
  await makeCertificate(folder.path, 'renewed');
  ca = readFileSync(files.cert, 'utf8');
  const second = await startServerProcess(file('renewed-data'), ...options);
  expect((await signUp(second.url)).status).toBe(201);
  await second.stop();
  ca = readFileSync(good.cert, 'utf8');
});

test('a certificate that has run out is served, and said to have', async () => {
  const old = await makeCertificate(folder.path, 'old', -1);
  const late = await startServerProcess(file('late'), '--tls-cert', old.cert, '--tls-key', old.key);
  expect(late.complaints()).toContain('has run out');
  await late.stop();
});

test('what is no certificate with its key is refused in one line that says what is wrong', async () => {
  const other = await makeCertificate(folder.path, 'other');
  writeFileSync(file('nonsense'), 'nonsense\n');
  writeFileSync(
    file('locked.key'),
    '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBA=\n-----END ENCRYPTED PRIVATE KEY-----\n',
  );
  const cases: [string[], number, string][] = [
    [['--tls-cert', good.cert], 2, '--tls-key'],
    [['--tls-key', good.key], 2, '--tls-cert'],
    [['--tls-cert', '', '--tls-key', good.key], 2, '--tls-cert'],
    [['--tls-cert', file('missing'), '--tls-key', good.key], 1, 'missing: it is not there'],
    [['--tls-cert', folder.path, '--tls-key', good.key], 1, 'it is a folder'],
    [['--tls-cert', good.cert, '--tls-key', other.key], 1, 'is not that of the certificate'],
    [['--tls-cert', good.key, '--tls-key', good.key], 1, 'no certificate'],
    [['--tls-cert', good.cert, '--tls-key', good.cert], 1, 'no key'],
    [['--tls-cert', file('nonsense'), '--tls-key', good.key], 1, 'no certificate'],
    [['--tls-cert', good.cert, '--tls-key', file('nonsense')], 1, 'no key'],
    [['--tls-cert', good.cert, '--tls-key', file('locked.key')], 1, 'passphrase'],
  ];
  for (const [options, code, words] of cases) {
    const ended = await runCli('serve', '--data', file('refused'), '--port', '0', ...options);
    expect([options, ended.code, ended.stderr]).toEqual([options, code, expect.stringContaining(words)]);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  }
});
