import { expect, test } from 'bun:test';
import type { MessagesView } from '@pokers/protocol/http';
import { ask, foundClass, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

const POSTERS = 8;

for (const workers of [1, 2]) {
  test(`after kill -9 while many post, every answered post is there once (${workers} worker(s))`, async () => {
    const folder = temporaryFolder('kill');
    const options = ['--workers', String(workers)];
    let server = await startServerProcess(folder.path, ...options);
    const ming = await signUp(server.url, 'Ming');
    const { thread } = await foundClass(server.url, ming, []);
    /** By nonce: what was answered, and what was sent without an answer. */
    const answered = new Map<string, { id: number; seq: number }>();
    const unanswered = new Set<string>();

    for (let round = 0; round < 3; round++) {
      const before = answered.size;
      const posters = await Promise.all(
        Array.from({ length: POSTERS }, () => V2Client.open(server.socketUrl, ming)),
      );
      let running = true;
      const posting = posters.map(async (poster) => {
        while (running) {
          const nonce = crypto.randomUUID();
          unanswered.add(nonce);
          const gone = poster.socket.closed.then(() => undefined);
          const posted = poster.get<'post'>({ action: 'post', thread: thread.id, content: nonce, nonce });
          const reply = await Promise.race([posted.catch(() => undefined), gone]);
          if (!reply) return;
          unanswered.delete(nonce);
          answered.set(nonce, { id: reply.id, seq: reply.seq });
        }
      });
      await Bun.sleep(300 + round * 150);
      await killAll(server);
      running = false;
      await Promise.all(posting);
      expect(answered.size).toBeGreaterThan(before + POSTERS); // they were posting when it came
      server = await startServerProcess(folder.path, ...options);
    }

    // What had no answer is sent again, as a client does: it may or may not have been stored, and must be there once.
    const again = await V2Client.open(server.socketUrl, ming);
    for (const nonce of unanswered) {
      const { id, seq } = await again.get<'post'>({
        action: 'post',
        thread: thread.id,
        content: nonce,
        nonce,
      });
      answered.set(nonce, { id, seq });
    }
    const stored = new Map<string, { id: number; seq: number }>();
    let seqs = 0;
    for (let after = 0, more = true; more; ) {
      const page: MessagesView = await ask(
        server.url,
        `/api/threads/${thread.id}/messages?after=${after}&limit=200`,
        { as: ming },
      );
      for (const { id, seq, content } of page.messages) {
        stored.set(content ?? '', { id, seq });
        expect(seq).toBe(++seqs);
      }
      ({ more, seq: after } = page);
    }
    expect(seqs).toBe(stored.size); // none twice
    expect(stored).toEqual(
      new Map([...stored.keys()].map((nonce) => [nonce, answered.get(nonce) ?? { id: 0, seq: 0 }])),
    );
    expect(stored.size).toBe(answered.size); // none lost

    await server.stop();
    folder.remove();
  }, 60_000);
}

test('a worker that is killed is replaced, and what the others’ clients missed comes without their asking', async () => {
  const folder = temporaryFolder('worker');
  const server = await startServerProcess(folder.path, '--workers', '2');
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const [victim] = await workersOf(server);
  const clients = await Promise.all(Array.from({ length: 12 }, () => V2Client.open(server.socketUrl, ming)));
  for (const client of clients) await client.get<'join'>({ action: 'join', thread: thread.id });

  process.kill(victim ?? 0, 'SIGKILL');
  const closed = await Promise.all(
    clients.map((client) =>
      Promise.race([client.socket.closed.then(() => true), Bun.sleep(1_000).then(() => false)]),
    ),
  );
  const survivors = clients.filter((_, index) => !closed[index]);
  expect(survivors.length).toBeGreaterThan(0);
  expect(survivors.length).toBeLessThan(clients.length);

  await eventually(async () => (await workersOf(server)).filter((pid) => pid !== victim).length === 2);
  const back = await Promise.all(Array.from({ length: 12 }, () => V2Client.open(server.socketUrl, ming)));
  for (const client of back) await client.get<'join'>({ action: 'join', thread: thread.id });
  const { id } = await (back[0] as V2Client).get<'post'>({
    action: 'post',
    thread: thread.id,
    content: 'still here?',
    nonce: 'n',
  });
  for (const client of [...survivors, ...back]) {
    const { e } = (await client.nextEvent()) as { e: unknown[][] };
    expect(e.map(([, message]) => message)).toEqual([id]);
  }
  await server.stop();
  folder.remove();
}, 60_000);

test('asked to stop, the server sends everyone away to come back, and ends with 0', async () => {
  for (const workers of ['1', '2']) {
    const folder = temporaryFolder('stop');
    const server = await startServerProcess(folder.path, '--workers', workers);
    const ming = await signUp(server.url, 'Ming');
    const client = await V2Client.open(server.socketUrl, ming);
    const code = await server.stop();
    expect((await client.socket.closed).code).toBe(4000);
    expect(code).toBe(0);
    folder.remove();
  }
}, 60_000);

/** SIGKILL to the server and, where it has some, its workers, at the same moment. */
async function killAll(server: ServerProcess): Promise<void> {
  const workers = await workersOf(server);
  for (const pid of [server.process.pid, ...workers]) process.kill(pid, 'SIGKILL');
  await server.process.exited;
}

async function workersOf(server: ServerProcess): Promise<number[]> {
  const found = Bun.spawn(['pgrep', '-P', String(server.process.pid)]);
  const pids = await new Response(found.stdout).text();
  return pids.split('\n').filter(Boolean).map(Number);
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 10 s');
    await Bun.sleep(50);
  }
}
