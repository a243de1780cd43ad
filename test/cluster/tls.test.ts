import { expect, test } from 'bun:test';
import { createServer } from 'node:net';
import { startRedis } from '../actors/redis-server.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { makeCertificate } from '../security/certificates.ts';

test('Redis is spoken to over TLS with rediss://, and not believed where its certificate is not', async () => {
  const folder = temporaryFolder('redis-tls');
  const { cert, key } = await makeCertificate(folder.path, 'redis');
  const port = await freePort();
  const tls = ['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key];
  const redis = await startRedis(...tls, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no');
  const start = async (
    ca: string,
    host = 'localhost',
  ): Promise<{ end: () => Promise<void>; complaints: () => string }> => {
    const before = process.env.NODE_EXTRA_CA_CERTS;
    process.env.NODE_EXTRA_CA_CERTS = ca;
    const server = await startServerProcess(
      `${folder.path}/data-${ca === ''}`,
      '--bus',
      `rediss://${host}:${port}`,
    );
    if (before === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
    else process.env.NODE_EXTRA_CA_CERTS = before;
    return { complaints: server.complaints, end: async () => void (await server.stop()) };
  };

  const wary = await start('');
  while (!wary.complaints().includes('no connection to Redis')) await Bun.sleep(20);
  expect(wary.complaints()).toMatch(/self.signed|verify/i);
  await wary.end();

  const isHeard = async () => ((await redis.ask('PUBSUB', 'CHANNELS', 'pokers/*')) as string[]).length === 1;
  for (const host of ['localhost', '127.0.0.1']) {
    const trusting = await start(cert, host);
    while (!(await isHeard())) await Bun.sleep(20);
    await trusting.end();
    while (await isHeard()) await Bun.sleep(20);
  }
  await redis.end();
  folder.remove();
}, 30_000);

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
