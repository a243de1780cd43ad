import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { AccountView } from '@pokers/protocol/accounts';
import type { AuditView, ClassView, HeadlessClassView } from '@pokers/protocol/classes';
import { ask, foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

/** Who was entrusted with a class, or with the server, and whose account is disabled. */
const folder = temporaryFolder('headless');
let server: ServerProcess;
/** Heads the server. */
let root: Person;
let chen: Person;
let wu: Person;
let ming: Person;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  root = await signUp(server.url, 'Root');
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function gather(): Promise<void> {
  [chen, wu, ming] = (await Promise.all(
    ['Ms Chen', 'Mr Wu', 'Ming'].map((name) => signUp(server.url, name)),
  )) as [Person, Person, Person];
}

type Options = Parameters<typeof request>[2];

async function said(path: string, options: Options): Promise<string> {
  const response = await request(server.url, path, options);
  return response.ok ? 'ok' : ((await response.json()) as { error: string }).error;
}

const disable = ({ id }: Person) => said(`/api/server/users/${id}/disable`, { as: root, method: 'POST' });
const setRole = (classroom: number, { id }: Person, role: string, as: Person) =>
  said(`/api/classes/${classroom}/members/${id}`, { as, method: 'PATCH', body: { role } });
const giveHead = (classroom: number, { id }: Person, as = root) =>
  said(`/api/server/headless-classes/${classroom}/head`, { as, body: { user: id } });
const headless = async () => {
  const path = '/api/server/headless-classes';
  return (await ask<{ classes: HeadlessClassView[] }>(server.url, path, { as: root })).classes;
};
const settings = (body: object) =>
  ask(server.url, '/api/server/settings', { as: root, method: 'PATCH', body });

describe('a head whose account is disabled', () => {
  beforeAll(gather);

  test('is none that a class could be left with', async () => {
    const { classroom } = await foundClass(server.url, chen, [wu, ming]);
    expect(await setRole(classroom.id, wu, 'head', chen)).toBe('ok');
    expect(await disable(chen)).toBe('ok');
    const leave = { as: wu, method: 'POST' };
    expect(await said(`/api/classes/${classroom.id}/leave`, leave)).toBe('class_needs_head');
    expect(await setRole(classroom.id, wu, 'teacher', wu)).toBe('class_needs_head');
    const heir = { as: wu, body: { user: chen.id } };
    expect(await said(`/api/classes/${classroom.id}/head`, heir)).toBe('class_needs_head');
    expect(await setRole(classroom.id, ming, 'head', wu)).toBe('ok');
    expect(await said(`/api/classes/${classroom.id}/leave`, leave)).toBe('ok');
  });

  test('is none of the server’s either', async () => {
    await gather();
    const path = `/api/server/users/${chen.id}`;
    expect(await said(`${path}/promote`, { as: root, method: 'POST' })).toBe('ok');
    expect(await disable(chen)).toBe('ok');
    expect(await disable(root)).toBe('last_head');
    expect(await said(`/api/server/users/${root.id}/demote`, { as: root, method: 'POST' })).toBe('last_head');
    expect(await said(`${path}/enable`, { as: root, method: 'POST' })).toBe('ok');
    expect(await said(`${path}/demote`, { as: root, method: 'POST' })).toBe('ok');
  });

  test('changes nothing more with what was begun before', async () => {
    await gather();
    const { classroom } = await foundClass(server.url, chen, [wu]);
    await settings({ create_classes: 'head' });
    const text = Array.from({ length: 40 }, (_, n) => `P ${n},${crypto.randomUUID()}@test.example`).join(
      '\n',
    );
    const adding = said(`/api/classes/${classroom.id}/people`, {
      as: chen,
      body: { text, give: 'passwords' },
    });
    await Bun.sleep(300); // 40 hashes take some 2 s of a core
    expect(await disable(chen)).toBe('ok');
    // On a machine that is very busy it may not have been begun.
    expect(['forbidden', 'sign_in_required']).toContain(await adding);
    await settings({ create_classes: 'all' });
    const path = `/api/classes/${classroom.id}/members`;
    const { members } = await ask<{ members: { id: number }[] }>(server.url, path, { as: wu });
    expect(members.map(({ id }) => id).sort()).toEqual([chen.id, wu.id].sort());
  });
});

describe('a class that nobody heads any more', () => {
  beforeAll(gather);

  test('is given a head by those of the server, and no other class is', async () => {
    const { classroom } = await foundClass(server.url, chen, [wu, ming], 'Physics');
    const { id } = classroom;
    expect(await setRole(id, wu, 'teacher', chen)).toBe('ok');
    expect(await giveHead(id, wu)).toBe('class_has_head');
    expect((await headless()).map((each) => each.id)).not.toContain(id);
    expect(await disable(chen)).toBe('ok');

    expect(await headless()).toContainEqual({ id, name: 'Physics', members: 3 });
    expect(await giveHead(id, wu, wu)).toBe('forbidden');
    expect(await giveHead(id, chen)).toBe('account_disabled');
    expect(await giveHead(id, { ...wu, id: 99_999 })).toBe('user_not_found');
    expect(await giveHead(99_999, wu)).toBe('class_not_found');
    expect(await giveHead(id, wu)).toBe('ok');
    expect(await giveHead(id, root)).toBe('class_has_head');
    expect((await headless()).map((each) => each.id)).not.toContain(id);

    const seen = await ask<ClassView>(server.url, `/api/classes/${id}`, { as: wu });
    expect(seen.role).toBe('head');
    const { entries } = await ask<AuditView>(server.url, `/api/classes/${id}/audit`, { as: wu });
    expect(entries[0]).toMatchObject({ action: 'class.give_head', actor: root.id, user: wu.id });
    const log = await ask<AuditView>(server.url, '/api/server/audit', { as: root });
    expect(log.entries[0]).toMatchObject({
      action: 'class.give_head',
      user: wu.id,
      detail: { class: id, name: 'Physics' },
    });
  });

  test('can be taken by a head of the server who was no member, but by nobody who is banned', async () => {
    const { classroom } = await foundClass(server.url, wu, [ming]);
    const { id } = classroom;
    const joining = { as: ming, body: { code: classroom.code } };
    expect(await said(`/api/classes/${id}/bans/${ming.id}`, { as: wu, method: 'PUT' })).toBe('ok');
    expect(await disable(wu)).toBe('ok');
    expect(await giveHead(id, ming)).toBe('banned');
    expect(await said('/api/classes/join', joining)).toBe('banned');
    expect(await giveHead(id, root)).toBe('ok');
    expect((await ask<ClassView>(server.url, `/api/classes/${id}`, { as: root })).role).toBe('head');
  });

  test('is given one head, where two are chosen at once', async () => {
    await gather();
    for (let round = 0; round < 5; round++) {
      const lone = await signUp(server.url, 'Lone');
      const { classroom } = await foundClass(server.url, lone, [wu, ming]);
      expect(await disable(lone)).toBe('ok');
      const answers = await Promise.all([giveHead(classroom.id, wu), giveHead(classroom.id, ming)]);
      expect(answers.toSorted()).toEqual(['class_has_head', 'ok']);
    }
  });
});

test('everyone is told whether they may create classes and give first passwords', async () => {
  await gather();
  const { classroom } = await foundClass(server.url, chen, []);
  const may = async (as: Person): Promise<[boolean, boolean]> => {
    const me = await ask<AccountView>(server.url, '/api/me', { as });
    return [me.may_create_classes, me.may_give_passwords];
  };
  /** What the server then does. */
  const does = async (as: Person): Promise<[boolean, boolean]> => {
    const created = await said('/api/classes', { as, body: { name: 'New' } });
    const body = { text: `P,${crypto.randomUUID()}@test.example`, give: 'passwords' };
    const given = await said(`/api/classes/${classroom.id}/people`, { as, body });
    return [created === 'ok', given === 'ok'];
  };
  expect(await setRole(classroom.id, root, 'teacher', chen)).toBe('member_not_found');
  await ask(server.url, '/api/classes/join', { as: root, body: { code: classroom.code } });
  expect(await setRole(classroom.id, root, 'teacher', chen)).toBe('ok');
  for (const [create_classes, expected] of [
    ['all', [true, false]],
    ['head', [false, true]],
  ] as const) {
    await settings({ create_classes });
    expect(await may(chen)).toEqual([...expected]);
    expect(await does(chen)).toEqual([...expected]);
    expect(await may(root)).toEqual([true, true]);
    expect(await does(root)).toEqual([true, true]);
  }
  await settings({ create_classes: 'all' });
});
