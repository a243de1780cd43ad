import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { AddedUserView, ResetLinkView, ServerUserView } from '@pokers/protocol/accounts';
import type { AuditView, InvitationView } from '@pokers/protocol/classes';
import { ask, foundClass, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { answerTo, by, codeOf } from './account-actors.ts';

describe('the head of the server', () => {
  const folder = temporaryFolder('server-users');
  let server: ServerProcess;
  let ming: Person;
  let lily: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path, '--workers', '2');
    ming = await signUp(server.url, 'Ming');
    lily = await signUp(server.url, 'Lily');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const to = (path: string, options: Parameters<typeof answerTo>[2] = {}) =>
    answerTo(server.url, path, options);
  const onUser = (verb: string, id: number, as = ming) =>
    to(`/api/server/users/${id}/${verb}`, { as, method: 'POST' });
  const signIn = (email: string, password: string) => to('/api/sign-in', { body: { email, password } });
  const set = (body: object) => to('/api/server/settings', { as: ming, method: 'PATCH', body });

  test('alone sees and does all this', async () => {
    for (const path of ['users', 'settings', 'audit', 'audit.csv']) {
      expect((await to(`/api/server/${path}`, { as: lily })).error).toBe('forbidden');
      expect((await to(`/api/server/${path}`)).error).toBe('sign_in_required');
    }
    expect((await onUser('disable', ming.id, lily)).error).toBe('forbidden');
  });

  test('finds people by name and e-mail, page by page', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `Pupil ${index}`);
    for (const name of names) {
      const body = { name, email: `${name.replace(' ', '')}@School.example` };
      await ask(server.url, '/api/server/users', { as: ming, body });
    }
    const page = (query: string) =>
      ask<{ users: ServerUserView[]; more: boolean }>(server.url, `/api/server/users?${query}`, { as: ming });
    const first = await page('q=PUPIL');
    expect([first.users.length, first.more]).toEqual([50, true]);
    const second = await page(`q=PUPIL&after=${first.users.at(-1)?.id}`);
    expect([second.users.length, second.more]).toEqual([10, false]);
    expect([...first.users, ...second.users].map(({ name }) => name)).toEqual(names);
    expect((await page('q=pupil59@school')).users).toMatchObject([{ name: 'Pupil 59' }]);
    expect((await page('q=%25')).users).toEqual([]);
  });

  test('makes an account, whose first password works', async () => {
    const body = { name: '小红', email: 'Hong@test.example' };
    const { user, password } = await ask<AddedUserView>(server.url, '/api/server/users', { as: ming, body });
    expect(user).toMatchObject({ name: '小红', email: 'hong@test.example', head: false });
    expect((await signIn('小红', password)).status).toBe(200);
    expect((await to('/api/server/users', { as: ming, body })).error).toBe('email_taken');
  });

  test('disables an account: nothing of it is good within a second, on every process, until it is enabled', async () => {
    const wei = await signUp(server.url, 'Wei');
    const { token } = await ask<{ token: string }>(server.url, '/api/me/tokens', {
      as: wei,
      body: { name: 'bot', scopes: ['read'] },
    });
    const sockets = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        V2Client.open(server.socketUrl, index % 2 ? wei : by(wei, token)),
      ),
    );
    const since = performance.now();
    expect((await onUser('disable', wei.id)).body.disabled).toBeNumber();
    const codes = await Promise.all(sockets.map(async ({ socket }) => (await socket.closed).code));
    expect(codes).toEqual(Array(6).fill(4101));
    expect(performance.now() - since).toBeLessThan(1_000);
    expect((await to('/api/me', { as: wei })).error).toBe('sign_in_required');
    expect((await to('/api/me', { as: by(wei, token) })).error).toBe('sign_in_required');
    expect((await signIn(wei.email, 'not hers')).error).toBe('wrong_credentials');
    expect((await signIn(wei.email, wei.password)).error).toBe('account_disabled');

    await onUser('enable', wei.id);
    expect((await signIn(wei.email, wei.password)).status).toBe(200);
    expect((await to('/api/me', { as: by(wei, token) })).status).toBe(200);
    expect((await to('/api/me', { as: wei })).error).toBe('sign_in_required'); // her sessions were ended
  });

  test('is never the last to go, not even where two demote each other at once', async () => {
    expect((await onUser('demote', ming.id)).error).toBe('last_head');
    expect((await onUser('disable', ming.id)).error).toBe('last_head');
    expect((await onUser('promote', lily.id)).body.head).toBe(true);
    const both = await Promise.all([onUser('demote', lily.id, ming), onUser('demote', ming.id, lily)]);
    expect(both.map(({ error }) => error ?? 'done').sort()).not.toEqual(['done', 'done']);
    const { users } = await ask<{ users: ServerUserView[] }>(server.url, '/api/server/users', {
      as: (await to('/api/server/users', { as: ming })).status === 200 ? ming : lily,
    });
    expect(users.filter(({ head }) => head)).toHaveLength(1);
    // Whoever is left makes things as they were.
    const left = users.find(({ head }) => head)?.id === ming.id ? ming : lily;
    await onUser('promote', ming.id, left);
    if (left === lily) await onUser('demote', lily.id, ming);
    expect((await onUser('promote', 1_000_000)).error).toBe('user_not_found');
  });

  test('passes on a reset link: good once, and it ends all sessions', async () => {
    const wei = await signUp(server.url, 'Wei 2');
    const socket = await V2Client.open(server.socketUrl, wei);
    const { link, expires } = (await onUser('reset', wei.id)).body as unknown as ResetLinkView;
    expect(link).toStartWith(`${server.url}/reset/`);
    expect(expires).toBeGreaterThan(Date.now() / 1000 + 3_500);
    const token = link.split('/').at(-1);
    const confirm = (token: unknown, password: string) =>
      to('/api/password-reset/confirm', { body: { token, password } });
    expect((await confirm('made up', 'a good new one')).error).toBe('link_not_good');
    expect((await confirm(token, 'short')).error).toBe('bad_request');
    const both = await Promise.all([
      confirm(token, 'the first new one'),
      confirm(token, 'the second new one'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const won = both[0].status === 200 ? 'the first new one' : 'the second new one';
    expect((await socket.socket.closed).code).toBe(4101);
    expect((await to('/api/me', { as: wei })).error).toBe('sign_in_required');
    expect((await signIn(wei.email, wei.password)).error).toBe('wrong_credentials');
    expect((await signIn(wei.email, won)).status).toBe(200);
    expect(await ask(server.url, '/api/password-reset', { body: { email: wei.email } })).toEqual({
      mail: false,
    });
  });

  test('switches off the second factor of who has lost it', async () => {
    const wei = await signUp(server.url, 'Wei 3');
    const body = { password: wei.password };
    const { secret } = await ask<{ secret: string }>(server.url, '/api/me/totp', { as: wei, body });
    await ask(server.url, '/api/me/totp/confirm', { as: wei, body: { code: codeOf(secret) } });
    expect((await signIn(wei.email, wei.password)).error).toBe('second_factor_required');
    expect((await onUser('end-second-factor', wei.id)).body.second_factor).toBe(false);
    expect((await signIn(wei.email, wei.password)).status).toBe(200);
    expect((await onUser('end-second-factor', wei.id)).error).toBe('second_factor_off');
  });

  test('says who may make accounts and classes', async () => {
    const { classroom } = await foundClass(server.url, ming, []);
    const { token } = await ask<InvitationView>(server.url, `/api/classes/${classroom.id}/invitations`, {
      as: ming,
      body: { role: 'student' },
    });
    const join = (more: object) =>
      to('/api/sign-up', {
        body: { name: 'New', email: `${crypto.randomUUID()}@x.example`, password: 'long enough', ...more },
      });
    await set({ sign_up: 'invited', name: '一中' });
    expect((await to('/api/sign-in-options')).body).toEqual({
      name: '一中',
      sign_up: 'invited',
      mail: false,
    });
    expect((await join({})).error).toBe('invitation_required');
    expect((await join({ invitation: 'made up' })).error).toBe('invitation_required');
    expect((await join({ invitation: token })).status).toBe(201);
    await set({ sign_up: 'closed' });
    expect((await join({ invitation: token })).error).toBe('sign_up_closed');
    await set({ sign_up: 'open' });
    expect((await set({ sign_up: 'no' })).error).toBe('bad_request');

    await set({ create_classes: 'head' });
    expect((await to('/api/classes', { as: lily, body: { name: 'x' } })).error).toBe('forbidden');
    expect((await to('/api/classes', { as: ming, body: { name: 'x' } })).status).toBe(201);
    await set({ create_classes: 'all' });
    expect((await to('/api/classes', { as: lily, body: { name: 'x' } })).status).toBe(201);
  });

  test('reads in the log what was done, and what failed, however often, in a few lines', async () => {
    for (let times = 0; times < 9; times++) await signIn(lily.email, `guess ${times}`);
    const { entries } = await ask<AuditView>(server.url, '/api/server/audit', { as: ming });
    const actions = new Set(entries.map(({ action }) => action));
    for (const action of [
      'server.settings',
      'user.disable',
      'user.reset_link',
      'account.reset',
      'sign_in.failed',
    ])
      expect(actions).toContain(action);
    const failed = entries.filter(({ action, user }) => action === 'sign_in.failed' && user === lily.id);
    expect(failed.length).toBeLessThanOrEqual(2); // one for each process
    expect(JSON.stringify(entries)).not.toContain('guess');
    const sheet = await request(server.url, '/api/server/audit.csv', { as: ming });
    expect(await sheet.text()).toContain('user.disable');
  });
});
