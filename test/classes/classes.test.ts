import { afterAll, beforeAll, expect, test } from 'bun:test';
import type {
  AuditView,
  BanView,
  ClassView,
  InvitationView,
  MemberView,
  PreviewView,
  RequestView,
} from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('classes');
let server: ServerProcess;
let chen: Person;
let ming: Person;
let lily: Person;
let omar: Person;

beforeAll(async () => {
  server = await startServerProcess(folder.path, '--workers', '2');
  chen = await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, '=1+1');
  lily = await signUp(server.url, 'Lily');
  omar = await signUp(server.url, 'Omar');
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const get = <Answer>(path: string, as: Person): Promise<Answer> => ask<Answer>(server.url, path, { as });

/** `ok`, or the name of the error. */
async function said(path: string, options: Parameters<typeof request>[2]): Promise<string> {
  const response = await request(server.url, path, options);
  return response.ok ? 'ok' : ((await response.json()) as { error: string }).error;
}

const join = (as: Person, code = ''): Promise<string> => said('/api/classes/join', { as, body: { code } });

test('an invitation lets in as many as it may, as what it says, and members use nothing up', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming]);
  const path = `/api/classes/${classroom.id}`;
  const body = { role: 'guest', uses: 1 };
  const { token } = await ask<InvitationView>(server.url, `${path}/invitations`, { as: chen, body });
  const enter = (as: Person) => said(`/api/offers/${token}`, { as, method: 'POST' });
  expect(await enter(ming)).toBe('ok');
  expect(await enter(lily)).toBe('ok');
  expect(await enter(omar)).toBe('invitation_used_up');
  expect((await get<ClassView>(path, lily)).role).toBe('guest');
  expect((await get<ClassView>(path, ming)).role).toBe('student');
});

test('members are named by their ids to members alone; who is none is not among them', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming, lily]);
  const path = (ids: string) => `/api/classes/${classroom.id}/members?ids=${ids}`;
  const found = await get<{ members: MemberView[]; more: boolean }>(
    path(`${lily.id},${omar.id},${ming.id}`),
    ming,
  );
  expect(found).toEqual({
    members: [
      { id: ming.id, name: ming.name, role: 'student' },
      { id: lily.id, name: 'Lily', role: 'student' },
    ],
    more: false,
  });
  expect(await said(path(String(ming.id)), { as: omar })).toBe('class_not_found');
  const tooMany = Array.from({ length: LIMITS.membersPage + 1 }, (_, at) => at + 1).join();
  for (const ids of ['', '0', '1,', 'x', '-1', '1.5', '9'.repeat(17), tooMany])
    expect(await said(path(ids), { as: ming })).toBe('bad_request');
});

test('nine want the last three seats at once: three get in', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const crowd = await Promise.all(Array.from({ length: 9 }, (_, n) => signUp(server.url, `Crowd ${n}`)));
  const path = `/api/classes/${classroom.id}`;
  const body = { uses: 3 };
  const { token } = await ask<InvitationView>(server.url, `${path}/invitations`, { as: chen, body });
  const answers = await Promise.all(crowd.map((as) => said(`/api/offers/${token}`, { as, method: 'POST' })));
  expect(answers.sort()).toEqual([...Array(6).fill('invitation_used_up'), ...Array(3).fill('ok')]);
  expect((await get<ClassView>(path, chen)).members).toBe(4);
});

test('the last head cannot become less; who hands the class over is a teacher then, and may leave', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming]);
  const path = `/api/classes/${classroom.id}`;
  const demotion = { as: chen, method: 'PATCH', body: { role: 'teacher' } };
  expect(await said(`${path}/members/${chen.id}`, demotion)).toBe('class_needs_head');
  expect(await said(`${path}/head`, { as: chen, body: { user: lily.id } })).toBe('member_not_found');
  expect(await said(`${path}/head`, { as: chen, body: { user: ming.id } })).toBe('ok');
  expect((await get<ClassView>(path, ming)).role).toBe('head');
  expect((await get<ClassView>(path, chen)).role).toBe('teacher');
  expect(await said(`${path}/leave`, { as: chen, method: 'POST' })).toBe('ok');
  expect(await said(path, { as: chen })).toBe('class_not_found');
});

test('where a teacher lets people in, Ming asks, is not in, and is let in once', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}`;
  await ask(server.url, path, { as: chen, method: 'PATCH', body: { joining: 'approval' } });
  for (const person of [ming, ming, lily]) expect(await join(person, classroom.code)).toBe('ok');
  expect(await said(path, { as: ming })).toBe('class_not_found');
  const asking = async () =>
    (await get<{ requests: RequestView[] }>(`${path}/requests`, chen)).requests.map(({ id }) => id);
  expect(await asking()).toEqual([ming.id, lily.id]);
  const decide = (person: Person, accept: boolean) =>
    said(`${path}/requests/${person.id}`, { as: chen, body: { accept } });
  const twice = await Promise.all([decide(ming, true), decide(ming, true)]);
  expect(twice.sort()).toEqual(['ok', 'request_not_found']);
  expect(await decide(lily, false)).toBe('ok');
  expect(await said(path, { as: ming })).toBe('ok');
  expect(await said(path, { as: lily })).toBe('class_not_found');
  expect(await asking()).toEqual([]);
  await ask(server.url, path, { as: chen, method: 'PATCH', body: { joining: 'closed' } });
  expect(await join(lily, classroom.code)).toBe('joining_closed');
});

test('whoever is banned is out, and no code and no link lets them in until the ban is lifted', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming]);
  const path = `/api/classes/${classroom.id}`;
  const { token } = await ask<InvitationView>(server.url, `${path}/invitations`, { as: chen, body: {} });
  await ask(server.url, `${path}/bans/${ming.id}`, { as: chen, method: 'PUT' });
  expect(await said(path, { as: ming })).toBe('class_not_found');
  expect(await join(ming, classroom.code)).toBe('banned');
  expect(await said(`/api/offers/${token}`, { as: ming, method: 'POST' })).toBe('banned');
  const { bans } = await get<{ bans: BanView[] }>(`${path}/bans`, chen);
  expect(bans.map(({ id }) => id)).toEqual([ming.id]);
  await ask(server.url, `${path}/bans/${ming.id}`, { as: chen, method: 'DELETE' });
  expect(await join(ming, classroom.code)).toBe('ok');
});

test('who joins at the moment in which they are banned is never both in and banned', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}`;
  for (let round = 0; round < 60; round++) {
    const joining = join(ming, classroom.code);
    await Bun.sleep(round % 3); // in ms: before, while and after he is let in
    expect(await said(`${path}/bans/${ming.id}`, { as: chen, method: 'PUT' })).toBe('ok');
    // Or he was in, and out again before the class was shown to him.
    expect(await joining).toBeOneOf(['ok', 'banned', 'class_not_found']);
    expect(await said(path, { as: ming })).toBe('class_not_found');
    await ask(server.url, `${path}/bans/${ming.id}`, { as: chen, method: 'DELETE' });
  }
});

test('a mute ends by itself', async () => {
  const { classroom, thread } = await foundClass(server.url, chen, [ming]);
  const member = `/api/classes/${classroom.id}/members/${ming.id}`;
  await ask(server.url, member, { as: chen, method: 'PATCH', body: { muted_for: 2 } });
  const post = () => said(`/api/threads/${thread.id}/messages`, { as: ming, body: { content: 'hi' } });
  expect(await post()).toBe('muted');
  const deadline = Date.now() + 4_000;
  while ((await post()) === 'muted' && Date.now() < deadline) await Bun.sleep(50);
  expect(await post()).toBe('ok');
});

test('a list says of each wrong line what is wrong with it, and is read in either language', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}/people/preview`;
  const read = async (text: string) => {
    const { people, problems } = await ask<PreviewView>(server.url, path, { as: chen, body: { text } });
    return {
      people: people.map(({ name, email, role }) => [name, email, role]),
      problems: problems.map(({ line, problem, earlier }) => [line, problem, earlier]),
    };
  };
  expect(await read('Anna,a@x.example\nOtto,A@X.example\nEve,not an address\nIda,i@x.example,king')).toEqual({
    people: [['Anna', 'a@x.example', 'student']],
    problems: [
      [2, 'doubled', 1],
      [3, 'email_invalid', undefined],
      [4, 'role_unknown', undefined],
    ],
  });
  expect((await read('\uFFFD\uFFFD,b@x.example')).problems).toEqual([[1, 'encoding', undefined]]);
  const open = await read('Anna,a@x.example\n"Otto,o@x.example');
  expect(open.problems.map(([, problem]) => problem)).toEqual(['quote_open']);
  const anna = { people: [['安娜', 'a@x.example', 'teacher']], problems: [] };
  expect(await read('\uFEFF邮箱,姓名,角色\r\na@x.example,安娜,老师\r\n')).toEqual(anna);
  expect(await read('Name\tE-mail\tRole\n安娜\ta@x.example\tteacher')).toEqual(anna);
  expect(await read('安娜；a@x.example；老师')).toEqual(anna);
});

test('nobody is added by a list with one wrong line, nor by one that is too long', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}`;
  const many = Array.from({ length: 10_000 }, (_, n) => `P${n},p${n}@x.example`).join('\n');
  for (const give of ['links', 'passwords']) {
    const add = (text: string) => said(`${path}/people`, { as: chen, body: { text, give } });
    expect(await add('Anna,anna@x.example\n"Otto,otto@x.example')).toBe('list_invalid');
    expect(await add('Anna,anna@x.example\nOtto,anna@x.example')).toBe('list_invalid');
    expect(await add(many)).toBe('limit_reached');
  }
  const { invitations } = await get<{ invitations: InvitationView[] }>(`${path}/invitations`, chen);
  expect(invitations).toEqual([]);
  expect((await get<ClassView>(path, chen)).members).toBe(1);
});

test('a picture is a PNG, JPEG or WebP of a fair size; nothing that a browser would run', async () => {
  const { classroom } = await foundClass(server.url, chen, []);
  const path = `/api/classes/${classroom.id}/picture`;
  const put = (bytes: string | Uint8Array) =>
    said(path, { as: chen, method: 'PUT', body: { base64: Buffer.from(bytes).toString('base64') } });
  expect(await put('<!doctype html><script>alert(1)</script>')).toBe('picture_invalid');
  expect(await put('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')).toBe('picture_invalid');
  const png = new Uint8Array(LIMITS.pictureBytes + 1);
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(await put(png)).toBe('too_long');
  expect(await said(path, { as: chen })).toBe('not_found');
  // What follows the beginning may be a page: it is served as a picture all the same.
  png.set(Buffer.from('<script>alert(1)</script>'), 8);
  expect(await put(png.subarray(0, 1_000))).toBe('ok');
  const { headers } = await request(server.url, path, { as: chen });
  expect(headers.get('content-type')).toBe('image/png');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain('sandbox');
  expect(await said(path, { as: lily })).toBe('class_not_found');
});

test('a thread is deleted by whoever repeats its name, and nobody sees what was said any more', async () => {
  const { classroom } = await foundClass(server.url, chen, [ming]);
  const thread = await openThread(server.url, chen, classroom.id, 'Old things');
  const { id } = await postOverHttp(server.url, ming, thread.id, 'a word');
  const path = `/api/threads/${thread.id}`;
  const remove = (body: object) => said(path, { as: chen, method: 'DELETE', body });
  expect(await remove({})).toBe('bad_request');
  expect(await remove({ confirm: 'Old' })).toBe('bad_request');
  expect(await said(path, { as: ming })).toBe('ok');
  expect(await remove({ confirm: 'Old things' })).toBe('ok');
  expect(await said(`${path}/messages`, { as: ming })).toBe('thread_not_found');
  const edit = { as: ming, method: 'PATCH', body: { content: 'another word' } };
  expect(await said(`/api/messages/${id}`, edit)).toBe('message_not_found');
});

test('the audit log has what was done, and as a sheet no formula in it', async () => {
  const { classroom, thread } = await foundClass(server.url, chen, [ming]);
  const path = `/api/classes/${classroom.id}`;
  const change = (at: string, body: object) => ask(server.url, at, { as: chen, method: 'PATCH', body });
  await change(path, { name: '@SUM(A1)' });
  await change(`${path}/members/${ming.id}`, { muted_for: 9 });
  await change(`/api/threads/${thread.id}`, { pinned: true });
  await ask(server.url, `${path}/bans/${ming.id}`, { as: chen, method: 'PUT' });
  const { entries } = await get<AuditView>(`${path}/audit`, chen);
  expect(entries.map(({ action }) => action)).toEqual([
    'member.ban',
    'thread.change',
    'member.mute',
    'class.change',
    'thread.create',
    'member.join',
    'class.create',
  ]);
  const sheet = await (await request(server.url, `${path}/audit.csv`, { as: chen })).text();
  expect(sheet.trim().split('\r\n')).toHaveLength(entries.length + 1);
  // Ming is called what a spreadsheet would reckon out.
  expect(sheet).toContain("'=1+1");
  expect(sheet).not.toMatch(/(^|,|\n)"?[=+\-@\t]/);
});
