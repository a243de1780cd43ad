import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { OpenSessionView, SecondFactorView } from '@pokers/protocol/accounts';
import type { SessionView } from '@pokers/protocol/http';
import { ask, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { answerTo, by, codeOf } from './account-actors.ts';

describe('one’s own account', () => {
  const folder = temporaryFolder('own-account');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path, '--workers', '2');
    ming = await signUp(server.url, 'Ming');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const to = (path: string, options: Parameters<typeof answerTo>[2] = {}) =>
    answerTo(server.url, path, options);
  const signIn = (person: Person, more: object = {}) =>
    to('/api/sign-in', { body: { email: person.email, password: person.password, ...more } });
  const anotherSession = async (person: Person, more: object = {}) =>
    by(person, ((await signIn(person, more)).body as unknown as SessionView).token);

  test('shows what there is to know of it', async () => {
    expect((await to('/api/me', { as: ming })).body).toEqual({
      id: ming.id,
      name: 'Ming',
      email: ming.email,
      head: true,
      second_factor: false,
      has_password: true,
      may_create_classes: true,
      may_give_passwords: true,
    });
  });

  test('gets another name, by which she signs in then, and with her password another e-mail', async () => {
    const lan = await signUp(server.url, 'Lan');
    await ask(server.url, '/api/me', { as: lan, method: 'PATCH', body: { name: '兰' } });
    expect((await signIn({ ...lan, email: '兰' })).status).toBe(200);
    expect((await signIn({ ...lan, email: 'Lan' })).error).toBe('wrong_credentials');

    const change = (body: object) => to('/api/me', { as: lan, method: 'PATCH', body });
    expect((await change({ email: 'lan@new.example' })).error).toBe('wrong_password');
    expect((await change({ email: ming.email.toUpperCase(), password: lan.password })).error).toBe(
      'email_taken',
    );
    expect((await change({ email: 'LAN@new.example', password: lan.password })).body.email).toBe(
      'lan@new.example',
    );
    expect((await signIn({ ...lan, email: 'lan@new.example' })).status).toBe(200);
    expect((await signIn(lan)).error).toBe('wrong_credentials');
  });

  test('lists where one is signed in; a session that is ended is good for nothing, on every process', async () => {
    const lily = await signUp(server.url, 'Lily');
    const phone = await anotherSession(lily);
    const sockets = await Promise.all(
      Array.from({ length: 6 }, () => V2Client.open(server.socketUrl, phone)),
    );
    const here = await V2Client.open(server.socketUrl, lily);
    const { sessions } = await ask<{ sessions: OpenSessionView[] }>(server.url, '/api/me/sessions', {
      as: lily,
    });
    expect(sessions.map(({ current }) => current)).toEqual([false, true]);
    expect(sessions[0]?.address).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(sessions[0]?.created).toBeGreaterThan(Date.now() / 1000 - 60);

    await ask(server.url, `/api/me/sessions/${sessions[0]?.id}`, { as: lily, method: 'DELETE' });
    const codes = await Promise.all(sockets.map(async ({ socket }) => (await socket.closed).code));
    expect(codes).toEqual(Array(6).fill(4101));
    expect((await to('/api/me', { as: phone })).error).toBe('sign_in_required');
    expect(await here.ask({ action: 'ping' })).toMatchObject({ op: 'ping' });

    const foreign = await ask<{ sessions: OpenSessionView[] }>(server.url, '/api/me/sessions', { as: ming });
    const path = `/api/me/sessions/${foreign.sessions[0]?.id}`;
    expect((await to(path, { as: lily, method: 'DELETE' })).error).toBe('not_found');
  });

  test('a new password ends all other sessions, and reset links that were made', async () => {
    const lily = await signUp(server.url, 'Lily 2');
    const [phone, tablet] = [await anotherSession(lily), await anotherSession(lily)];
    const socket = await V2Client.open(server.socketUrl, phone);
    const change = (current: string, password: string) =>
      to('/api/me/password', { as: lily, body: { current, password } });
    expect((await change('not it', 'a new password')).error).toBe('wrong_password');
    expect((await change(lily.password, 'short')).error).toBe('bad_request');
    expect((await change(lily.password, 'a new password')).status).toBe(200);
    expect((await socket.socket.closed).code).toBe(4101);
    expect((await to('/api/me', { as: tablet })).error).toBe('sign_in_required');
    expect((await to('/api/me', { as: lily })).status).toBe(200);
    expect((await signIn(lily)).error).toBe('wrong_credentials');
    expect((await signIn({ ...lily, password: 'a new password' })).status).toBe(200);
  });

  test('with a second factor the password alone opens nothing, and each code is good once', async () => {
    const lily = await signUp(server.url, 'Lily 3');
    const begin = (password: string) => to('/api/me/totp', { as: lily, body: { password } });
    expect((await begin('not it')).error).toBe('wrong_password');
    const begun = (await begin(lily.password)).body as unknown as SecondFactorView;
    expect(begun.uri).toContain(`secret=${begun.secret}`);
    expect((await signIn(lily)).status).toBe(200); // it is not in force yet

    const confirm = (code: string) => to('/api/me/totp/confirm', { as: lily, body: { code } });
    expect((await confirm('000000')).error).toBe('wrong_code');
    const first = codeOf(begun.secret);
    expect((await confirm(first)).status).toBe(200);
    expect((await begin(lily.password)).error).toBe('second_factor_on');

    expect((await signIn(lily)).error).toBe('second_factor_required');
    expect((await signIn({ ...lily, password: 'not it' })).error).toBe('wrong_credentials');
    expect((await signIn(lily, { code: first })).error).toBe('wrong_code'); // it was used to confirm
    const code = codeOf(begun.secret, 1);
    const both = await Promise.all([signIn(lily, { code }), signIn(lily, { code })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);

    const [recovery = ''] = begun.recovery;
    expect(begun.recovery).toHaveLength(10);
    const typed = recovery.toUpperCase().replaceAll('-', ' ');
    expect((await signIn(lily, { code: typed })).status).toBe(200);
    expect((await signIn(lily, { code: recovery })).error).toBe('wrong_code');
    expect((await to('/api/me', { as: lily })).body).toMatchObject({ second_factor: true, recovery_left: 9 });

    const { recovery: renewed } = await ask<{ recovery: string[] }>(server.url, '/api/me/totp/recovery', {
      as: lily,
      body: { password: lily.password },
    });
    expect((await signIn(lily, { code: begun.recovery[1] })).error).toBe('wrong_code');
    expect((await signIn(lily, { code: renewed[0] })).status).toBe(200);

    await ask(server.url, '/api/me/totp', { as: lily, method: 'DELETE', body: { password: lily.password } });
    expect((await signIn(lily)).status).toBe(200);
  });
});
