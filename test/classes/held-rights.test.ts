import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { AuditView, ClassView, InvitationView } from '@pokers/protocol/classes';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import { ask, foundClass, openThread, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

/** What a change rests on still holds when it is written, and what was said of someone follows them. */
const folder = temporaryFolder('held-rights');
let server: ServerProcess;
let chen: Person;
let wu: Person;
let ming: Person;

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--workers', '2');
  chen = await signUp(server.url, 'Ms Chen');
  wu = await signUp(server.url, 'Mr Wu');
  ming = await signUp(server.url, 'Ming');
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

type Options = Parameters<typeof request>[2];

/** `ok`, or the name of the error. */
async function said(path: string, options: Options): Promise<string> {
  const response = await request(server.url, path, options);
  return response.ok ? 'ok' : ((await response.json()) as { error: string }).error;
}

const join = (as: Person, code = ''): Promise<string> => said('/api/classes/join', { as, body: { code } });
const change = (path: string, body: object, as = chen): Promise<string> =>
  said(path, { as, method: 'PATCH', body });

function inDatabase(text: string, ...values: number[]): void {
  const db = new Database(databaseFile(folder.path));
  db.run('pragma busy_timeout = 5000');
  db.run(text, values);
  db.close();
}

async function rolesIn(classroom: number, as: Person): Promise<Record<string, string>> {
  const path = `/api/classes/${classroom}/members`;
  const { members } = await ask<{ members: { name: string; role: string }[] }>(server.url, path, { as });
  return Object.fromEntries(members.map(({ name, role }) => [name, role]));
}

test.each(['code', 'invitation', 'request'])(
  'Ming is muted, leaves, and comes back by %s: he is muted still, until it is over',
  async (by) => {
    const { classroom, thread } = await foundClass(server.url, chen, [ming]);
    const path = `/api/classes/${classroom.id}`;
    const { token } = await ask<InvitationView>(server.url, `${path}/invitations`, { as: chen, body: {} });
    expect(await change(`${path}/members/${ming.id}`, { muted_for: 3 })).toBe('ok');
    expect(await said(`${path}/leave`, { as: ming, method: 'POST' })).toBe('ok');
    if (by === 'code') expect(await join(ming, classroom.code)).toBe('ok');
    if (by === 'invitation')
      expect(await said(`/api/offers/${token}`, { as: ming, method: 'POST' })).toBe('ok');
    if (by === 'request') {
      await change(path, { joining: 'approval' });
      expect(await join(ming, classroom.code)).toBe('ok');
      expect(await said(`${path}/requests/${ming.id}`, { as: chen, body: { accept: true } })).toBe('ok');
    }
    const post = () => said(`/api/threads/${thread.id}/messages`, { as: ming, body: { content: 'hi' } });
    expect(await post()).toBe('muted');
    const deadline = Date.now() + 5_000;
    while ((await post()) === 'muted' && Date.now() < deadline) await Bun.sleep(50);
    expect(await post()).toBe('ok');
  },
);

test('in a class that an import left without a head, a teacher still removes and bans', async () => {
  const { classroom } = await foundClass(server.url, chen, [wu, ming]);
  const path = `/api/classes/${classroom.id}`;
  await change(`${path}/members/${wu.id}`, { role: 'teacher' });
  inDatabase(`delete from members where class_id = ? and role = 'head'`, classroom.id);
  expect(await said(`${path}/members/${ming.id}`, { as: wu, method: 'DELETE' })).toBe('ok');
  expect(await join(ming, classroom.code)).toBe('ok');
  expect(await said(`${path}/bans/${ming.id}`, { as: wu, method: 'PUT' })).toBe('ok');
  expect(await said(`${path}/leave`, { as: wu, method: 'POST' })).toBe('ok');
});

test('the audit log begins with the class itself, and its threads', async () => {
  const classroom = await ask<ClassView>(server.url, '/api/classes', { as: chen, body: { name: 'Physics' } });
  const thread = await openThread(server.url, chen, classroom.id, 'A "quoted" \\ name');
  const path = `/api/classes/${classroom.id}/audit`;
  const { entries } = await ask<AuditView>(server.url, path, { as: chen });
  expect(entries).toMatchObject([
    { action: 'thread.create', actor: chen.id, detail: { thread: thread.id, name: 'A "quoted" \\ name' } },
    { action: 'class.create', actor: chen.id, detail: { name: 'Physics' } },
  ]);
});

test('a teacher who is removed while a long list is added adds nobody', async () => {
  const { classroom } = await foundClass(server.url, chen, [wu]);
  const path = `/api/classes/${classroom.id}`;
  await change(`${path}/members/${wu.id}`, { role: 'teacher' });
  // Mr Wu may give first passwords: the heads of this server have entrusted the heads of classes with it.
  await change('/api/server/settings', { create_classes: 'head' });
  const text = Array.from({ length: 40 }, (_, n) => `P ${n},${crypto.randomUUID()}@test.example`).join('\n');
  const adding = said(`${path}/people`, { as: wu, body: { text, give: 'passwords' } });
  await Bun.sleep(300); // 40 hashes take some 2 s of a core
  expect(await said(`${path}/members/${wu.id}`, { as: chen, method: 'DELETE' })).toBe('ok');
  // On a machine that is very busy it may not have been begun.
  expect(['forbidden', 'class_not_found']).toContain(await adding);
  expect(await rolesIn(classroom.id, chen)).toEqual({ 'Ms Chen': 'head' });
  await change('/api/server/settings', { create_classes: 'all' });
});

test('heads who remove, demote, ban each other or leave at once: one is left, every time', async () => {
  const acts: ((path: string, by: Person, other: Person) => Promise<string>)[] = [
    (path, as, { id }) => said(`${path}/members/${id}`, { as, method: 'DELETE' }),
    (path, as, { id }) => said(`${path}/bans/${id}`, { as, method: 'PUT' }),
    (path, as, { id }) => change(`${path}/members/${id}`, { role: 'student' }, as),
    (path, as) => said(`${path}/leave`, { as, method: 'POST' }),
    (path, as) => change(`${path}/members/${as.id}`, { role: 'teacher' }, as),
    (path, as, { id }) => said(`${path}/head`, { as, body: { user: id } }),
  ];
  const pairs = acts.flatMap((first) => acts.map((second) => [first, second] as const));
  for (const [first, second] of pairs) {
    const { classroom } = await foundClass(server.url, chen, [wu]);
    const path = `/api/classes/${classroom.id}`;
    await change(`${path}/members/${wu.id}`, { role: 'head' });
    await Promise.all([first(path, chen, wu), second(path, wu, chen)]);

    const seen = await Promise.all([chen, wu].map((as) => request(server.url, path, { as })));
    const views = await Promise.all(seen.filter(({ ok }) => ok).map((r) => r.json() as Promise<ClassView>));
    expect(views.some(({ role }) => role === 'head')).toBe(true);
  }
});

test('a class full of personal links still has room for a link for all, and its own bound', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}`;
  const add = () => {
    const text = Array.from({ length: 2_000 }, (_, n) => `P ${n}`).join('\n');
    return said(`${path}/people`, { as: chen, body: { text, give: 'links' } });
  };
  expect(await add()).toBe('ok');
  expect(await said(`${path}/invitations`, { as: chen, body: {} })).toBe('ok');
  for (let list = 1; list < 5; list++) expect(await add()).toBe('ok');
  expect(await add()).toBe('limit_reached');
});

test('whoever comes by a code at the moment in which it is renewed gets in before that, or not at all', async () => {
  const crowd = await Promise.all(Array.from({ length: 8 }, (_, n) => signUp(server.url, `Pupil ${n}`)));
  for (let round = 0; round < 10; round++) {
    const { classroom } = await foundClass(server.url, chen, []);
    const path = `/api/classes/${classroom.id}`;
    const renewing = said(`${path}/code`, { as: chen, method: 'POST' });
    const answers = await Promise.all(crowd.map((as) => join(as, classroom.code)));
    expect(await renewing).toBe('ok');
    const { entries } = await ask<AuditView>(server.url, `${path}/audit`, { as: chen });
    const actions = entries.map(({ action }) => action);
    // The newest first: nobody has joined since.
    const since = actions.slice(0, actions.indexOf('class.code'));
    expect(since).toEqual([]);
    const entered = actions.filter((action) => action === 'member.join').length;
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(entered);
    expect(new Set(answers).difference(new Set(['ok', 'join_code_not_found'])).size).toBe(0);
  }
});
