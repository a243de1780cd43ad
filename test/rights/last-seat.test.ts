import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ClassView, InvitationView } from '@pokers/protocol/classes';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import { ask, foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('last-seat');
let server: ServerProcess;
let chen: Person;
let people: Person[];
let classroom: ClassView;

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--workers', '2');
  chen = await signUp(server.url, 'Ms Chen');
  people = await Promise.all(Array.from({ length: 20 }, (_, index) => signUp(server.url, `Person ${index}`)));
  ({ classroom } = await foundClass(server.url, chen, []));
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const invite = (body: object) =>
  ask<InvitationView>(server.url, `/api/classes/${classroom.id}/invitations`, { as: chen, body });
const accept = async (as: Person, token: string): Promise<string> => {
  const response = await request(server.url, `/api/offers/${token}`, { as, method: 'POST' });
  return response.ok ? 'ok' : ((await response.json()) as { error: string }).error;
};

test('of two who want the last seat at once, one gets in, and the other reads why not', async () => {
  for (let pair = 0; pair < people.length; pair += 2) {
    const { token } = await invite({ uses: 1 });
    const answers = await Promise.all(people.slice(pair, pair + 2).map((person) => accept(person, token)));
    expect(answers.sort()).toEqual(['invitation_used_up', 'ok']);
  }
});

test('an invitation that has run out, was taken back or never was says so, to everyone', async () => {
  const lily = await signUp(server.url, 'Lily');
  const expired = await invite({ days: 1 });
  const db = new Database(databaseFile(folder.path));
  db.run('pragma busy_timeout = 5000');
  db.run('update invitations set expires = 1 where id = ?', [expired.id]);
  db.close();
  const revoked = await invite({});
  await ask(server.url, `/api/invitations/${revoked.id}`, { as: chen, method: 'DELETE' });
  expect(await accept(lily, expired.token)).toBe('invitation_expired');
  expect(await accept(lily, revoked.token)).toBe('invitation_revoked');
  expect(await accept(lily, 'made-up')).toBe('invitation_not_found');
  const seen = await request(server.url, `/api/offers/${expired.token}`);
  expect(await seen.json()).toMatchObject({ error: 'invitation_expired' });
});

test('a class keeps a head: the last one cannot leave, and of two who remove each other one stays', async () => {
  const leaving = await request(server.url, `/api/classes/${classroom.id}/leave`, {
    as: chen,
    method: 'POST',
  });
  expect(await leaving.json()).toMatchObject({ error: 'class_needs_head' });
  const second = await signUp(server.url, 'Mr Wu');
  const duo = await foundClass(server.url, chen, [second]);
  const member = (user: Person) => `/api/classes/${duo.classroom.id}/members/${user.id}`;
  await ask(server.url, member(second), { as: chen, method: 'PATCH', body: { role: 'head' } });
  await Promise.all([
    request(server.url, member(second), { as: chen, method: 'DELETE' }),
    request(server.url, member(chen), { as: second, method: 'DELETE' }),
  ]);
  const seen = await Promise.all(
    [chen, second].map((as) => request(server.url, `/api/classes/${duo.classroom.id}`, { as })),
  );
  expect(seen.map(({ status }) => status).sort()).toEqual([200, 404]);
});

test('a list with a wrong line adds nobody: doubled, wrongly encoded, too long', async () => {
  const add = async (text: string): Promise<unknown> => {
    const path = `/api/classes/${classroom.id}/people`;
    return (await request(server.url, path, { as: chen, body: { text, give: 'links' } })).json();
  };
  const before = (
    await ask<{ invitations: unknown[] }>(server.url, `/api/classes/${classroom.id}/invitations`, {
      as: chen,
    })
  ).invitations.length;
  expect(await add('Anna,a@x.example\nOtto,A@x.example')).toMatchObject({ error: 'list_invalid' });
  expect(await add('\uFFFD\uFFFD,b@x.example')).toMatchObject({ error: 'list_invalid' });
  const many = Array.from({ length: 10_000 }, (_, index) => `P${index},p${index}@x.example`).join('\n');
  expect(await add(many)).toMatchObject({ error: 'limit_reached' });
  const after = (
    await ask<{ invitations: unknown[] }>(server.url, `/api/classes/${classroom.id}/invitations`, {
      as: chen,
    })
  ).invitations.length;
  expect(after).toBe(before);
  expect(await add('姓名\t邮箱\t角色\n安娜\tanna@x.example\t学生')).toMatchObject({
    people: [{ name: '安娜', email: 'anna@x.example', role: 'student' }],
  });
});
