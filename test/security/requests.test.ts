import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { servedAsFile } from '@pokers/server/doors/http/served-as-file';
import { isNear } from '@pokers/server/limits/address';
import { ask, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('requests');
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--trust-proxy');
});

afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** Everything that the server says to these bytes until it closes the line, which the last request asks for. */
function answersTo(...lines: string[]): Promise<string> {
  const all = Promise.withResolvers<string>();
  let text = '';
  const socket = connect(server.port, '127.0.0.1', () => socket.write(lines.join('\r\n')));
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => all.resolve(text));
  return all.promise;
}

const get = (path: string, ...headers: string[]): Promise<string> =>
  answersTo(`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', '');

test('what two servers in a row might read differently is refused whole', async () => {
  const post = ['POST /api/sign-in HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
  const hidden = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  for (const [headers, body] of [
    [['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    [['Content-Length: 2', 'Content-Length: 40'], '{}'],
    [['Content-Length: +2'], '{}'],
    [['Content-Length: -1'], ''],
    [['Transfer-Encoding: xchunked'], '{}'],
    [['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    [['Content-Length: 5', 'Transfer-Encoding : chunked'], '0\r\n\r\n'],
    [['X: a', ' folded: b', 'Content-Length: 0'], ''],
  ] as const) {
    const said = await answersTo(...post, ...headers, '', body + hidden);
    expect([headers, said]).toEqual([headers, expect.stringMatching(/^HTTP\/1\.1 4\d\d /)]);
    expect(said).not.toContain('"status":"ok"');
  }
});

test('no path leads out of the web client', async () => {
  for (const path of [
    '/../../../../etc/passwd',
    '/assets/../../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..\\..\\package.json',
    '/..%00/package.json',
    '/%2e%2e%5cpackage.json',
    '/index.html.br',
  ]) {
    const said = await get(path);
    expect([path, said]).toEqual([path, expect.not.stringMatching(/root:|"private"|workspaces/)]);
    expect([path, said]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 (200|400|404) /)]);
  }
});

test('no path, Host or method leads elsewhere or around the checks', async () => {
  for (const path of [
    '//evil.example',
    '//evil.example/..',
    '/\\evil.example',
    '/%0d%0aLocation:%20//evil.example',
  ]) {
    const said = await get(path);
    expect([path, said]).toEqual([path, expect.not.stringMatching(/^(location:|HTTP\/1\.1 3)/im)]);
  }
  for (const path of ['/%61pi/sign-out', '/x/../api/sign-out', '/api/./sign-out', '//api/sign-out']) {
    const said = await answersTo(
      `POST ${path} HTTP/1.1`,
      ...['Host: localhost', 'Origin: http://evil.example', 'Content-Length: 0', 'Connection: close', '', ''],
    );
    expect([path, said]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 40[34] /)]);
  }
  expect(await get('/api/sign-out?_method=POST', 'X-HTTP-Method-Override: POST')).toStartWith(
    'HTTP/1.1 404 ',
  );
  for (const host of ['a@b', 'a b', '', ':', '[', 'a/b'])
    expect([host, await answersTo('GET / HTTP/1.1', `Host: ${host}`, 'Connection: close', '', '')]).toEqual([
      host,
      expect.stringMatching(/^HTTP\/1\.1 (200|400) /),
    ]);
});

test('no other site is let in by CORS', async () => {
  const asked = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST'];
  for (const method of ['OPTIONS', 'GET', 'POST']) {
    const said = await answersTo(
      `${method} /api/sign-in HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      ...asked,
      '',
      '',
    );
    expect(said.toLowerCase()).not.toContain('access-control-allow');
  }
});

test('every answer says what browsers may do with it, errors too', async () => {
  for (const path of ['/', '/anything', '/assets/gone.js', '/healthz']) {
    const { headers } = await fetch(server.url + path);
    const policy = headers.get('content-security-policy') ?? '';
    expect([path, policy]).toEqual([
      path,
      expect.stringMatching(/default-src 'self'.*frame-ancestors 'none'/),
    ]);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('strict-transport-security')).toBe(null);
  }
  for (const path of ['/api/me', '/api/nothing', '/api/openapi.json']) {
    const { headers } = await fetch(server.url + path);
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      "default-src 'none'; frame-ancestors 'none'",
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('no-store');
  }
  const page = await (await fetch(server.url)).text();
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:/i);
});

test('a picture of a class is served as a file, whatever is in it', async () => {
  const ming = await signUp(server.url, 'Ming');
  const { id } = await ask<{ id: number }>(server.url, '/api/classes', { as: ming, body: { name: '7b' } });
  const put = (bytes: Uint8Array): Promise<Response> =>
    request(server.url, `/api/classes/${id}/picture`, {
      as: ming,
      method: 'PUT',
      body: { base64: Buffer.from(bytes).toString('base64') },
    });
  const page = '<script>alert(1)</script>';
  for (const text of [
    page,
    `<svg xmlns="http://www.w3.org/2000/svg">${page}</svg>`,
    '%PDF-1.7',
    `GIF89a${page}`,
  ])
    expect((await put(Buffer.from(text))).status).toBe(415);
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(page)]);
  expect((await put(png)).status).toBe(200);
  const { headers } = await request(server.url, `/api/classes/${id}/picture`, { as: ming });
  expect(headers.get('content-type')).toBe('image/png');
  expect(headers.get('content-security-policy')).toEndWith('; sandbox');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('a file’s kind is one of the harmless ones, or none', () => {
  for (const type of ['image/png', 'IMAGE/PNG', 'image/png; charset=x', 'video/mp4', 'audio/mpeg']) {
    const { 'content-type': kind, 'content-disposition': how } = servedAsFile(type);
    expect([type, kind, how]).toEqual([type, type.split(';')[0]?.toLowerCase(), 'inline']);
  }
  for (const type of [
    ...[
      'text/html',
      'image/svg+xml',
      'application/pdf',
      'text/xml',
      'application/xhtml+xml',
      'text/javascript',
    ],
    ...[
      'text/css',
      'multipart/x-mixed-replace',
      'image/png, text/html',
      'image/png\r\nx: y',
      '',
      'png',
      null,
      undefined,
    ],
  ]) {
    const { 'content-type': kind, 'content-disposition': how } = servedAsFile(type);
    expect([type, kind, how]).toEqual([type, 'application/octet-stream', 'attachment']);
  }
});

test('no name of a file breaks out of its header', () => {
  for (const name of [
    'a"b.html',
    'a\r\nset-cookie: x=y',
    '作业.pdf',
    '../../etc/passwd',
    "it's (1)*.txt",
    '\ud800',
    'a;b=c',
  ]) {
    const header = servedAsFile('text/html', name)['content-disposition'] ?? '';
    expect([name, header]).toEqual([
      name,
      expect.stringMatching(/^attachment; filename="[\w .()+,=@-]*"; filename\*=UTF-8''[\w.!~%-]*$/),
    ]);
    expect(() => new Headers({ 'content-disposition': header })).not.toThrow();
  }
  expect(servedAsFile('text/html', '作业.pdf')['content-disposition']).toContain(
    "UTF-8''%E4%BD%9C%E4%B8%9A.pdf",
  );
});

test('the numbers are for those who are near', async () => {
  for (const near of [
    '127.0.0.1',
    '::1',
    '::ffff:10.1.2.3',
    '192.168.7.7',
    'fd00::1',
    'fe80::1%eth0',
    '100.100.1.1',
  ])
    expect([near, isNear(near)]).toEqual([near, true]);
  for (const far of ['203.0.114.9', '2a00::1', '::ffff:8.8.8.8', 'unknown', undefined])
    expect([far, isNear(far)]).toEqual([far, false]);
  const statusFor = async (address: string): Promise<number> =>
    (await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': address } })).status;
  expect([await statusFor('192.168.7.7'), await statusFor('8.8.8.8')]).toEqual([200, 404]);
});
