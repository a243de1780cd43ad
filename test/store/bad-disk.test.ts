import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, foundClass, request, signUp } from '../actors/people.ts';
import { runCli, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

/** Only root on Linux may mount a small disk of its own. */
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

const folder = temporaryFolder('disk');
afterAll(() => {
  for (const name of ['small', 'read-only'])
    Bun.spawnSync(['umount', '--lazy', '--quiet', join(folder.path, name)]);
  folder.remove();
});

async function scene(data: string, ...options: string[]) {
  const server = await startServerProcess(data, ...options);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const client = await V2Client.open(server.socketUrl, ming);
  await client.get<'join'>({ action: 'join', thread: thread.id });
  const post = (content: string) =>
    client.ask({ action: 'post', thread: thread.id, content, nonce: crypto.randomUUID() });
  const read = async () =>
    (await client.get<'history'>({ action: 'history', thread: thread.id, limit: 200 })).messages.length;
  return { server, ming, thread, client, post, read };
}

describe.skipIf(!canMount)('on a small disk', () => {
  const disk = join(folder.path, 'small');
  const filler = join(disk, 'filler');
  const mount = (...args: string[]) => Bun.spawnSync(['mount', ...args]).exitCode;

  test('when it is full, posts are refused in words while reading goes on, and all is well when there is space again', async () => {
    mkdirSync(disk);
    expect(mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk)).toBe(0);
    const { server, client, post, read } = await scene(disk);
    expect(await post('before')).toMatchObject({ op: 'post' });
    fill(filler);
    const stored = await postUntilRefused(post);
    expect(await read()).toBe(1 + stored);
    for (let times = 0; times < 3; times++)
      expect(await post('no space')).toMatchObject({ error: 'store_unavailable' });
    rmSync(filler);
    expect(await post('after')).toMatchObject({ op: 'post' });
    expect(await read()).toBe(2 + stored);
    expect(server.complaints()).toMatch(/cannot save[\s\S]*full[\s\S]*can save again/);
    client.close();
    expect(await server.stop()).toBe(0);
    Bun.spawnSync(['umount', disk]);
  });

  test('when it is read-only, the server does not start, and says why in one line', async () => {
    const data = join(folder.path, 'read-only');
    const { server, client } = await scene(data);
    client.close();
    await server.stop();
    expect(mount('--bind', data, data)).toBe(0);
    expect(mount('-o', 'remount,ro,bind', data)).toBe(0);
    const { code, stderr } = await runCli('serve', '--data', data, '--port', '0');
    Bun.spawnSync(['umount', data]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${data} cannot be written`)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

test('while another program holds the database, posts wait, then are refused, and go on when it lets go', async () => {
  const data = join(folder.path, 'locked');
  const { server, ming, thread, client, post, read } = await scene(data);
  await post('before');
  const other = new Database(join(data, 'pokers.db'));
  other.run('begin immediate');
  const refused = post('held up');
  expect(await read()).toBe(1); // at once, while the post waits
  expect((await request(server.url, `/api/threads/${thread.id}/messages`, { as: ming })).status).toBe(200);
  expect(await refused).toMatchObject({ error: 'store_unavailable' });
  other.run('rollback');
  other.close();
  expect(await post('after')).toMatchObject({ op: 'post' });
  expect(await read()).toBe(2);
  client.close();
  await server.stop();
}, 30_000);

test('a torn database stops the start in plain words, and is left as it is', async () => {
  const data = join(folder.path, 'torn');
  const { server, client, post } = await scene(data);
  for (let count = 0; count < 50; count++) await post('x'.repeat(2_000));
  client.close();
  await server.stop();
  const file = join(data, 'pokers.db');
  const { size } = statSync(file);
  truncateSync(file, size - 3 * 4096);
  const { code, stderr } = await runCli('serve', '--data', data, '--port', '0');
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('backup');
  expect(statSync(file).size).toBe(size - 3 * 4096);
});

test('a slow disk holds up its posts, and nothing else', async () => {
  process.env.POKERS_TEST_COMMIT_DELAY_MS = '20';
  const { server, ming, thread, client, post } = await scene(join(folder.path, 'slow'));
  delete process.env.POKERS_TEST_COMMIT_DELAY_MS;
  const idle = await pings(client, 200);
  let posting = true;
  const posters = await Promise.all(Array.from({ length: 20 }, () => V2Client.open(server.socketUrl, ming)));
  const load = posters.map(async (poster) => {
    let posted = 0;
    for (; posting; posted++) {
      await poster.get<'post'>({
        action: 'post',
        thread: thread.id,
        content: 'slow',
        nonce: crypto.randomUUID(),
      });
    }
    return posted;
  });
  const reader = await V2Client.open(server.socketUrl, ming);
  const busy = await pings(reader, 400);
  const started = performance.now();
  await ask(server.url, '/api/classes', { as: ming });
  const overHttp = performance.now() - started;
  posting = false;
  const posted = (await Promise.all(load)).reduce((sum, count) => sum + count, 0);
  console.log(
    `ping p99 ${at(idle, 0.99)} ms idle, ${at(busy, 0.99)} ms while ${posted} posts waited 20 ms for each commit`,
  );
  expect(posted).toBeGreaterThan(100);
  expect(at(busy, 0.5)).toBeLessThan(10); // a loop that waited for the disk would answer after 20 ms and more
  expect(overHttp).toBeLessThan(20);
  expect(await post('at last')).toMatchObject({ op: 'post' });
  for (const each of [client, reader, ...posters]) each.close();
  await server.stop();
}, 60_000);

/** Round-trip times of pings, sorted, in ms: the loop answers them without the store. */
async function pings(client: V2Client, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    await client.get<'ping'>({ action: 'ping' });
    times.push(performance.now() - started);
    await Bun.sleep(1);
  }
  return times.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
}

function fill(file: string): void {
  const block = new Uint8Array(64 * 1024);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch {
    // It is full.
  }
}

/** How many posts still found a place. */
async function postUntilRefused(
  post: (content: string) => Promise<Record<string, unknown>>,
): Promise<number> {
  for (let stored = 0; ; stored++) {
    const answer = await post('x'.repeat(1_000));
    if (answer.op === 'post') continue;
    expect(answer).toMatchObject({ op: 'error', error: 'store_unavailable', code: 117 });
    return stored;
  }
}
