import { afterAll, expect, test } from 'bun:test';
import { copyFileSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PokersClient } from '@pokers/sdk';
import { foundClass, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { runCli, type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

const folder = temporaryFolder('backup');
afterAll(() => folder.remove());

/** Ming says “kept”, a backup is written while the server runs, and he says “lost”. */
async function scene(name: string) {
  const data = join(folder.path, name);
  const backup = join(folder.path, `${name}.backup`);
  const server = await startServerProcess(data);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  await postOverHttp(server.url, ming, thread.id, 'kept');
  expect((await runCli('backup', backup, '--data', data)).code).toBe(0);
  await postOverHttp(server.url, ming, thread.id, 'lost');
  const epoch = await epochOf(server, ming);
  return { data, backup, server, ming, thread, epoch };
}

async function epochOf(server: ServerProcess, person: Person): Promise<string> {
  const client = await V2Client.connect(server.socketUrl, { token: person.token });
  const { epoch } = await client.get<'hello'>({ action: 'hello' });
  client.close();
  return epoch;
}

async function contents(server: ServerProcess, person: Person, thread: number): Promise<unknown[]> {
  const response = await request(server.url, `/api/threads/${thread}/messages`, { as: person });
  const { messages } = (await response.json()) as { messages: { content: string }[] };
  return messages.map(({ content }) => content);
}

test('a backup is written while the server runs, and put back when it does not, with a new epoch', async () => {
  const { data, backup, server, ming, thread, epoch } = await scene('restored');
  const early = await runCli('restore', backup, '--data', data);
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('in use by another Pokers')]);
  await server.stop();

  const done = await runCli('restore', backup, '--data', data, '--json');
  expect(done.code).toBe(0);
  const { former } = JSON.parse(done.stdout) as { former: string };
  const after = await startServerProcess(data);
  expect(await contents(after, ming, thread.id)).toEqual(['kept']);
  expect(await epochOf(after, ming)).not.toBe(epoch);
  await after.stop();

  const back = await runCli('restore', former, '--data', data);
  expect(back.code).toBe(0);
  const again = await startServerProcess(data);
  expect(await contents(again, ming, thread.id)).toEqual(['kept', 'lost']);
  await again.stop();
});

test('an older database that was copied into place by hand is noticed at the start', async () => {
  const { data, backup, server, ming, thread, epoch } = await scene('copied');
  await server.stop();
  copyFileSync(backup, join(data, 'pokers.db'));
  const after = await startServerProcess(data);
  expect(await epochOf(after, ming)).not.toBe(epoch);
  expect(after.complaints()).toContain('put back from a backup');
  const now = await epochOf(after, ming);
  await postOverHttp(after.url, ming, thread.id, 'new');
  await after.stop('SIGKILL');
  const later = await startServerProcess(data);
  expect(await epochOf(later, ming)).toBe(now); // a crash is no restore
  await later.stop();
});

test('a client notices a thread that went back, even where the whole folder did and the epoch with it', async () => {
  const { data, server, ming, thread } = await scene('whole-folder');
  await server.stop();
  const old = join(folder.path, 'whole-folder.old');
  cpSync(data, old, { recursive: true });
  const before = await startServerProcess(data, '--port', String(server.port));
  const client = new PokersClient({ url: before.url, token: ming.token });
  await client.connect();
  const channel = client.thread(thread.id);
  await channel.open();
  for (const text of ['gone 1', 'gone 2', 'gone 3']) await channel.post(text);
  await before.stop();

  rmSync(data, { recursive: true });
  cpSync(old, data, { recursive: true });
  const shown = new Promise<void>((resolve) => channel.on('reset', resolve));
  const after = await startServerProcess(data, '--port', String(server.port));
  client.retryNow();
  await shown;
  expect(channel.messages.map(({ content }) => content)).toEqual(['kept', 'lost']);
  const heard = new Promise<void>((resolve) => channel.on('change', () => resolve()));
  await postOverHttp(after.url, ming, thread.id, 'new');
  await heard;
  expect(channel.messages.map(({ content }) => content)).toEqual(['kept', 'lost', 'new']);
  client.close();
  await after.stop();
});

test('what is no whole backup is refused, and nothing is changed', async () => {
  const { data, backup, server, ming, thread } = await scene('refused');
  expect((await runCli('backup', backup, '--data', data)).stderr).toContain('is there already');
  expect((await runCli('backup', join(folder.path, 'x'), '--data', join(folder.path, 'nowhere'))).code).toBe(
    1,
  );
  await server.stop();
  const wrong = join(folder.path, 'wrong');
  writeFileSync(wrong, 'no database');
  expect((await runCli('restore', wrong, '--data', data)).code).toBe(1);
  expect((await runCli('restore', join(folder.path, 'missing'), '--data', data)).code).toBe(1);
  expect(readdirSync(data).filter((name) => name.startsWith('pokers.db.'))).toEqual([]);
  const after = await startServerProcess(data);
  expect(await contents(after, ming, thread.id)).toEqual(['kept', 'lost']);
  await after.stop();
});
