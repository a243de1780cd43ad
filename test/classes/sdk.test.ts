import { afterAll, beforeAll, expect, test } from 'bun:test';
import { HttpApi } from '@pokers/sdk';
import { accept, ClassApi, changeThread, deleteThread, offer } from '@pokers/sdk/class-api';
import { failureOf } from '../actors/failure.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('classes-sdk');
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

async function person(name: string): Promise<{ http: HttpApi; id: number }> {
  const http = new HttpApi({ url: server.url });
  const email = `${crypto.randomUUID()}@test.example`;
  const { user } = await http.signUp({ name, email, password: 'a long password' });
  return { http, id: user.id };
}

async function found(): Promise<{
  chen: Awaited<ReturnType<typeof person>>;
  id: number;
  api: ClassApi;
  code: string;
}> {
  const chen = await person('Ms Chen');
  const { id, code = '' } = await chen.http.createClass({ name: 'Class 7b' });
  return { chen, id, code, api: new ClassApi(chen.http, id) };
}

/** One white pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

test('Ms Chen sets up her class by the SDK', async () => {
  const { api, code } = await found();
  const changed = await api.change({
    name: '七班',
    description: 'Maths',
    joining: 'closed',
    threads_by: 'teachers',
  });
  expect(changed).toMatchObject({
    name: '七班',
    description: 'Maths',
    joining: 'closed',
    threads_by: 'teachers',
  });
  expect((await api.setPicture(PNG)).picture).toBeString();
  expect((await api.setPicture(undefined)).picture).toBeUndefined();
  expect((await api.renewCode()).code).not.toBe(code);
  expect((await api.change({ archived: true })).archived).toBeNumber();
  expect(await failureOf(api.change({ name: 'late' }))).toMatchObject({ error: 'class_archived' });
  expect((await api.change({ archived: false })).archived).toBeUndefined();
});

test('she looks after its members: roles, mutes, bans, and the next head', async () => {
  const { api, chen, code } = await found();
  const [ming, lily] = [await person('Ming'), await person('Lily')];
  for (const { http } of [ming, lily]) await http.joinClass(code);
  const { members, more } = await api.members();
  expect([members.map(({ name }) => name), more]).toEqual([['Ms Chen', 'Ming', 'Lily'], false]);
  expect((await api.members(ming.id)).members.map(({ name }) => name)).toEqual(['Lily']);

  expect(await api.setRole(ming.id, 'teacher')).toMatchObject({ role: 'teacher' });
  expect((await api.mute(lily.id, 600)).muted_until).toBeNumber();
  expect((await api.mute(lily.id, 0)).muted_until).toBeUndefined();
  await api.ban(lily.id);
  expect((await api.bans()).map(({ id }) => id)).toEqual([lily.id]);
  expect(await failureOf(lily.http.joinClass(code))).toMatchObject({ error: 'banned' });
  await api.liftBan(lily.id);
  await lily.http.joinClass(code);
  await api.remove(lily.id);
  expect(await failureOf(api.remove(lily.id))).toMatchObject({ error: 'member_not_found' });

  expect(await failureOf(api.leave())).toMatchObject({ error: 'class_needs_head' });
  expect((await api.handOver(ming.id)).role).toBe('teacher');
  await api.leave();
  expect(await chen.http.classes()).toEqual([]);
});

test('by a link or with a teacher’s yes others come in', async () => {
  const { api, code, id } = await found();
  const { token } = await api.invite({ role: 'guest', uses: 1 });
  expect(await offer(new HttpApi({ url: server.url }), token)).toMatchObject({
    class: { id },
    role: 'guest',
  });
  expect(await accept((await person('Grandma')).http, token)).toMatchObject({ id, role: 'guest' });
  const other = await api.invite({ role: 'student', days: 7 });
  await api.revoke(other.id);
  expect((await api.invitations()).invitations.map(({ state }) => state)).toEqual(['revoked', 'used_up']);
  expect((await api.invitations(other.id)).invitations).toHaveLength(1);

  await api.change({ joining: 'approval' });
  const [omar, eve] = [await person('Omar'), await person('Eve')];
  for (const { http } of [omar, eve])
    await expect(await http.joinClass(code)).toEqual({ requested: { class: id, name: 'Class 7b' } });
  expect((await api.requests()).map(({ name }) => name).sort()).toEqual(['Eve', 'Omar']);
  await api.decide(omar.id, true);
  await api.decide(eve.id, false);
  expect([(await omar.http.classes()).length, (await eve.http.classes()).length]).toEqual([1, 0]);
});

test('a list adds many, and the log tells who did it, page by page', async () => {
  const { api } = await found();
  const looked = await api.preview('Wang, wang@test.example\nZhao, nonsense', 'student');
  expect([looked.people.length, looked.problems.map(({ line }) => line)]).toEqual([1, [2]]);
  const [wang] = await api.addPeople('Wang, wang@test.example', 'student', 'links');
  expect(wang).toMatchObject({ name: 'Wang', role: 'student', token: expect.any(String) });
  const { entries } = await api.audit();
  expect(entries[0]).toMatchObject({ action: 'member.add_list', actor_name: 'Ms Chen' });
  expect((await api.audit(entries.at(-1)?.id)).entries).toEqual([]);
});

test('a thread is changed, and deleted only by its name', async () => {
  const { chen, id } = await found();
  const thread = await chen.http.createThread(id, { name: 'Homework' });
  const changed = await changeThread(chen.http, thread.id, { name: '作业', pinned: true, read_only: true });
  expect(changed).toMatchObject({ name: '作业', pinned: expect.any(Number), read_only: expect.any(Number) });
  expect(await failureOf(deleteThread(chen.http, thread.id, 'Homework'))).toMatchObject({
    error: 'bad_request',
  });
  await deleteThread(chen.http, thread.id, '作业');
  expect(await chen.http.threads(id)).toEqual([]);
});
