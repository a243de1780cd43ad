import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { AccountView, ServerUserView } from '@pokers/protocol/accounts';
import { ask, type Person, request, signUp } from '../actors/people.ts';
import {
  freePort,
  type ServerProcess,
  startServerInEnvironment,
  temporaryFolder,
} from '../actors/server-process.ts';
import { answerTo } from './account-actors.ts';
import { CLIENT, type ServicePerson, type SignInService, startSignInService } from './sign-in-service.ts';
import { SmallBrowser } from './small-browser.ts';

describe('a sign-in service', () => {
  const folder = temporaryFolder('oidc');
  let server: ServerProcess;
  let service: SignInService;
  let head: Person;

  beforeAll(async () => {
    const port = freePort();
    service = await startSignInService(`http://localhost:${port}/api/oidc/callback`);
    const env = { POKERS_OIDC_CLIENT_SECRET: CLIENT.secret, POKERS_OIDC_NAME: '校园登录' };
    const options = ['--oidc-issuer', service.issuer, '--oidc-client-id', CLIENT.id, '--port', String(port)];
    server = await startServerInEnvironment(env, folder.path, ...options);
    head = await signUp(server.url, 'Head');
  });
  afterAll(async () => {
    await server.stop();
    service.stop();
    folder.remove();
  });

  let browser: SmallBrowser;
  beforeEach(() => {
    browser = new SmallBrowser();
  });

  /** Where signing in as this person ends, with which cookie. */
  const signIn = async (person: ServicePerson | undefined, query = '') => {
    service.person = person;
    const { trail } = await browser.visit(`${server.url}/api/oidc/start${query}`);
    const end = trail.at(-1);
    const cookie = browser.cookies.get(server.url)?.get('pokers.session_token');
    return { end: `${end?.pathname}${end?.search}`, cookie };
  };
  const meBy = (cookie: string | undefined) =>
    ask<AccountView>(server.url, '/api/me', { headers: { cookie: `pokers.session_token=${cookie}` } });
  const users = async () =>
    (await ask<{ users: ServerUserView[] }>(server.url, '/api/server/users', { as: head })).users;

  test('is offered by its name', async () => {
    expect(await ask(server.url, '/api/sign-in-options')).toMatchObject({ oidc: { name: '校园登录' } });
  });

  test('lets someone in, with an account that is theirs from then on, whatever their e-mail becomes', async () => {
    const ming = { sub: 'ming', email: 'Ming@school.example', email_verified: true, name: '小明' };
    const first = await signIn(ming);
    expect(first.end).toBe('/');
    const me = await meBy(first.cookie);
    expect(me).toMatchObject({
      name: '小明',
      email: 'ming@school.example',
      head: false,
      has_password: false,
    });

    browser = new SmallBrowser();
    const again = await signIn({ ...ming, email: 'other@school.example', name: 'Another' });
    expect(await meBy(again.cookie)).toEqual(me);
    const { error } = await answerTo(server.url, '/api/sign-in', { body: { email: me.email, password: '' } });
    expect(error).toBe('wrong_credentials');

    const headers = { cookie: `pokers.session_token=${again.cookie}` };
    await ask(server.url, '/api/me/password', { headers, body: { password: 'a first password' } });
    const body = { email: me.email, password: 'a first password' };
    expect((await answerTo(server.url, '/api/sign-in', { body })).status).toBe(200);
  });

  test('where the person says no, they come back to be told so', async () => {
    expect(await signIn(undefined)).toEqual({ end: '/?error=oidc_denied', cookie: undefined });
  });

  test('with the e-mail of an account here opens it only where it has made sure of that e-mail', async () => {
    const lily = await signUp(server.url, 'Lily');
    const person = { sub: 'lily', email: lily.email, name: 'Lily' };
    for (const email_verified of [false, undefined, 'true' as unknown as boolean]) {
      browser = new SmallBrowser();
      const claims = email_verified === undefined ? person : { ...person, email_verified };
      expect(await signIn(claims)).toEqual({ end: '/?error=oidc_email_unverified', cookie: undefined });
    }
    browser = new SmallBrowser();
    const { cookie } = await signIn({ ...person, email_verified: true });
    expect(await meBy(cookie)).toMatchObject({ id: lily.id });
  });

  test('takes an account from whoever had made it with someone else’s e-mail', async () => {
    const sly = await signUp(server.url, 'Sly');
    const token = await ask<{ token: string }>(server.url, '/api/me/tokens', {
      as: sly,
      body: { name: 'for later', scopes: ['read'] },
    });
    const owner = { sub: 'owner', email: sly.email, email_verified: true };
    const { cookie } = await signIn(owner);
    expect(await meBy(cookie)).toMatchObject({ id: sly.id, has_password: false });
    for (const each of [sly.token, token.token])
      expect((await answerTo(server.url, '/api/me', { as: { ...sly, token: each } })).error).toBe(
        'sign_in_required',
      );
    const body = { email: sly.email, password: sly.password };
    expect((await answerTo(server.url, '/api/sign-in', { body })).error).toBe('wrong_credentials');
  });

  test('that tells no e-mail makes no account; a name that cannot be shown is replaced', async () => {
    const before = (await users()).length;
    expect((await signIn({ sub: 'nameless' })).end).toBe('/?error=oidc_failed');
    expect((await users()).length).toBe(before);
    browser = new SmallBrowser();
    const { cookie } = await signIn({ sub: 'odd', email: 'odd@x.example', name: '\u202E\n' });
    expect(await meBy(cookie)).toMatchObject({ name: 'odd' });
  });

  test('makes accounts only as the server’s settings let people make them, and opens no disabled one', async () => {
    const set = (body: object) =>
      ask(server.url, '/api/server/settings', { as: head, method: 'PATCH', body });
    const newcomer = { sub: 'new', email: 'new@x.example', email_verified: true };
    await set({ sign_up: 'closed' });
    expect((await signIn(newcomer)).end).toBe('/?error=sign_up_closed');
    await set({ sign_up: 'invited' });
    expect((await signIn(newcomer, '?invitation=made-up')).end).toBe('/?error=invitation_required');
    const { id } = await ask<{ id: number }>(server.url, '/api/classes', { as: head, body: { name: 'C' } });
    const path = `/api/classes/${id}/invitations`;
    const { token } = await ask<{ token: string }>(server.url, path, { as: head, body: { role: 'student' } });
    const entered = await signIn(newcomer, `?invitation=${token}`);
    expect(entered.end).toBe('/');
    await set({ sign_up: 'open' });
    const { id: user } = await meBy(entered.cookie);
    await request(server.url, `/api/server/users/${user}/disable`, { as: head, method: 'POST' });
    browser = new SmallBrowser();
    expect(await signIn(newcomer)).toEqual({ end: '/?error=account_disabled', cookie: undefined });
  });

  test('an answer is good in the browser that asked, once, and not without a cookie of ours', async () => {
    service.person = { sub: 'ming', email: 'ming@school.example', email_verified: true };
    const { trail } = await browser.visit(`${server.url}/api/oidc/start`);
    const answer = trail.find(({ pathname }) => pathname === '/api/oidc/callback');
    expect(answer?.searchParams.get('code')).toBeString();
    for (const stranger of [browser, new SmallBrowser()]) {
      const again = await stranger.visit(String(answer));
      expect(again.trail.at(-1)?.search).toBe('?error=oidc_failed');
    }
    const forged = new SmallBrowser();
    forged.cookies.set(server.url, new Map([['pokers.oidc', 'e30.AAAA']]));
    expect((await forged.visit(String(answer))).trail.at(-1)?.search).toBe('?error=oidc_failed');
    forged.cookies.set(server.url, new Map([['pokers.oidc', '%%%']]));
    expect((await forged.visit(String(answer))).trail.at(-1)?.search).toBe('?error=oidc_failed');
  });
});
