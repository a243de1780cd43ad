import { afterAll, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, signUp } from '../actors/people.ts';
import { runCli, runCliWith, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('cli');
const data = (name: string): string => join(folder.path, name);
afterAll(() => folder.remove());

/** Ends with this code and one line on stderr that says all of these. */
async function refuses(args: string[], code: number, ...words: string[]): Promise<void> {
  const { code: actual, stderr } = await runCli(...args);
  expect([args, actual]).toEqual([args, code]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const word of words) expect(stderr).toContain(word);
}

test('wrong usage gets one clear line and exit code 2', async () => {
  await refuses(['serve', '--prot', '1'], 2, "unknown option '--prot'", 'pokers serve --help');
  await refuses(['serve', '--port', '70000'], 2, '--port', '0 to 65535');
  await refuses(['serve', '--port', 'x'], 2, '--port');
  await refuses(['serve', '--workers', '0'], 2, '--workers', '1 to 64');
  await refuses(['serve', '--workers', 'many'], 2, '--workers', 'auto');
  await refuses(['serve', '--bus', 'localhost:6379'], 2, '--bus', 'redis://');
  await refuses(['serve', '--bus', 'redis://localhost/one'], 2, '--bus', 'redis://');
  await refuses(['serve', '--classic', 'maybe'], 2, '--classic', 'session', 'open', 'off');
  await refuses(['serve', '--egress', '1mb'], 2, '--egress', '1mbit', '125kB');
  await refuses(['serve', '--egress', '63kbit'], 2, '--egress', 'from 64kbit');
  await refuses(['serve', '--data'], 2, '--data');
  await refuses(['serve', 'surplus'], 2, 'argument');
  await refuses(['fly'], 2, 'fly');
  await refuses(['import-lazer'], 2, 'folder');
  await refuses(['import-lazer', data('nothing-here')], 2, 'nothing-here');
});

test('a bad value in the environment is refused like one on the command line', async () => {
  const { code, stderr } = await runCliWith({ POKERS_PORT: 'x' }, 'serve');
  expect([code, stderr]).toEqual([2, expect.stringContaining('POKERS_PORT')]);
});

test('help tells of every option and its variable, and ends with 0', async () => {
  for (const args of [['--help'], ['serve', '--help'], ['import-lazer', '--help']]) {
    const { code, stdout } = await runCli(...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: pokers')]);
  }
  const { stdout } = await runCli('serve', '--help');
  for (const word of [
    '--port',
    'POKERS_PORT',
    '--host',
    '--data',
    '--workers',
    '--bus',
    'POKERS_BUS',
    '--classic',
    '--egress',
    'POKERS_EGRESS',
    '--demo',
    'POKERS_DEMO',
  ]) {
    expect(stdout).toContain(word);
  }
});

test('a port in use, a folder in use and one that cannot be written are told apart, with exit code 1', async () => {
  const server = await startServerProcess(data('one'));
  await refuses(
    ['serve', '--data', data('two'), '--port', String(server.port)],
    1,
    `Port ${server.port}`,
    '--port',
  );
  await refuses(
    ['serve', '--data', data('two'), '--port', String(server.port), '--workers', '2'],
    1,
    `Port ${server.port}`,
  );
  await refuses(['serve', '--data', data('one'), '--port', '0'], 1, 'in use by another Pokers');
  writeFileSync(data('a-file'), '');
  await refuses(['serve', '--data', join(data('a-file'), 'below'), '--port', '0'], 1, '--data');
  await refuses(['serve', '--data', '/proc/pokers', '--port', '0'], 1, '/proc/pokers');
  await server.stop();
});

test('whoever starts a server that nobody heads is told how to head it, until someone does', async () => {
  const first = await startServerProcess(data('fresh'));
  expect(first.greeting).toContain(`http://localhost:${first.port}`);
  expect(first.greeting).toContain('sign up');
  await signUp(first.url, 'Ming');
  await first.stop();
  const second = await startServerProcess(data('fresh'));
  expect(second.greeting).not.toContain('sign up');
  await second.stop();
});

test('believing classic clients is said loudly', async () => {
  const server = await startServerProcess(data('loud'), '--classic', 'open');
  expect(server.complaints()).toContain('--classic open');
  await server.stop();
});

test('the demo can be signed in to and read, and comes once', async () => {
  for (let start = 0; start < 2; start++) {
    const server = await startServerProcess(data('demo'), '--demo');
    const [, email, password] = /sign in as (\S+) with the password (\S+)/.exec(server.greeting) ?? [];
    const { token } = await ask<{ token: string }>(server.url, '/api/sign-in', { body: { email, password } });
    const headers = { authorization: `Bearer ${token}` };
    const { classes } = await ask<{ classes: { id: number; members: number }[] }>(
      server.url,
      '/api/classes',
      { headers },
    );
    expect(classes).toHaveLength(1);
    expect(classes[0]?.members).toBeGreaterThan(3);
    const { threads } = await ask<{ threads: { messages: number }[] }>(
      server.url,
      `/api/classes/${classes[0]?.id}/threads`,
      { headers },
    );
    expect(threads.every(({ messages }) => messages > 0)).toBe(true);
    await server.stop();
  }
});

test('the secret and the database are the owner’s alone', async () => {
  const server = await startServerProcess(data('private'));
  expect(readdirSync(data('private'))).toContain('secret');
  const mode = (file: string) =>
    Bun.file(file)
      .stat()
      .then(({ mode }) => mode & 0o077);
  expect(await mode(join(data('private'), 'secret'))).toBe(0);
  expect(await mode(data('private'))).toBe(0);
  await server.stop();
});

test('npx finds the same program through Node', async () => {
  const bin = fileURLToPath(new URL('../../node_modules/.bin/pokers', import.meta.url));
  expect(existsSync(bin)).toBe(true);
  const child = Bun.spawn(['node', bin, 'serve', '--port', 'x'], { stdio: ['ignore', 'pipe', 'pipe'] });
  expect(await child.exited).toBe(2);
  expect(await new Response(child.stderr).text()).toContain('--port');
});
