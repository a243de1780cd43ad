import { afterAll, beforeAll, expect, test } from 'bun:test';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../test/actors/server-process.ts';
import { ROUTES } from './routes.ts';

const folder = temporaryFolder('routes');
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('the document names every route of the API, and no other', async () => {
  const { paths } = await (await fetch(`${server.url}/api/openapi.json`)).json();
  const served = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(served.sort());
});

for (const route of ROUTES) {
  test(`${route.method} ${route.path} ${route.open ? 'needs no' : 'wants a'} session`, async () => {
    const path = route.path.replace(/\{\w+\}/g, '1');
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(server.url + path, {
      method: route.method.toUpperCase(),
      headers,
      redirect: 'manual',
      ...(route.body && { body: '{}' }),
    });
    expect(status === 401).toBe(!route.open);
  });
}
