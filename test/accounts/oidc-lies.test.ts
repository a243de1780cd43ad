import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { signUp } from '../actors/people.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { LIAR, type LyingService, startLyingService } from './lying-service.ts';
import { SmallBrowser } from './small-browser.ts';

describe('an answer of the sign-in service', () => {
  const folder = temporaryFolder('oidc-lies');
  let server: ServerProcess;
  let service: LyingService;

  beforeAll(async () => {
    service = startLyingService();
    const options = ['--oidc-issuer', service.issuer, '--oidc-client-id', LIAR.clientId];
    server = await startServerInEnvironment(
      { POKERS_OIDC_CLIENT_SECRET: LIAR.secret },
      folder.path,
      ...options,
    );
    await signUp(server.url, 'Head');
  });
  afterAll(async () => {
    await server.stop();
    service.stop();
    folder.remove();
  });

  const signIn = async (): Promise<{ end: string; signedIn: boolean }> => {
    const browser = new SmallBrowser();
    const { trail } = await browser.visit(`${server.url}/api/oidc/start`);
    const end = trail.at(-1);
    return {
      end: `${end?.pathname}${end?.search}`,
      signedIn: browser.cookies.get(server.url)?.has('pokers.session_token') ?? false,
    };
  };
  /** Everything that signing in could have left behind. */
  const left = () => {
    const db = new Database(join(folder.path, 'pokers.db'), { readonly: true });
    const count = (table: string) => db.query(`select count(*) as n from ${table}`).get();
    const counts = [count('users'), count('accounts'), count('sessions')];
    db.close();
    return counts;
  };

  const LIES: [what: string, lie: LyingService['lie']][] = [
    ['with the nonce of another request', ({ claims }) => Object.assign(claims, { nonce: 'another' })],
    ['without a nonce', ({ claims }) => delete claims.nonce],
    ['by another issuer', ({ claims }) => Object.assign(claims, { iss: 'https://evil.example' })],
    ['for another client', ({ claims }) => Object.assign(claims, { aud: 'another' })],
    [
      'for several clients, of which another asked',
      ({ claims }) => Object.assign(claims, { aud: ['pokers', 'another'], azp: 'another' }),
    ],
    ['that has run out', ({ claims }) => Object.assign(claims, { iat: 1_000, exp: 2_000 })],
    ['that never runs out', ({ claims }) => delete claims.exp],
    ['about nobody', ({ claims }) => delete claims.sub],
    ['signed by another key', (answer, other) => Object.assign(answer, { key: other })],
    ['signed by a key that is not published', ({ header }) => Object.assign(header, { kid: 'two' })],
    [
      'that says it need not be signed',
      (answer) => {
        answer.header = { alg: 'none' };
        answer.key = undefined;
      },
    ],
    [
      'that is not signed',
      (answer) => {
        answer.key = undefined;
      },
    ],
    [
      'signed with the secret that client and service share',
      (answer) => {
        answer.header = { alg: 'HS256' };
        answer.key = LIAR.secret;
      },
    ],
    [
      'that was changed after it was signed',
      (answer) => {
        const claims = { ...answer.claims, sub: 'head', email: 'other@x.example' };
        const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
        answer.spoil = (token) => token.replace(/\.[^.]+\./, `.${changed}.`);
      },
    ],
    ['to another state', ({ query }) => Object.assign(query, { state: 'another' })],
    [
      'that names another issuer on the way',
      ({ query }) => Object.assign(query, { iss: 'https://evil.example' }),
    ],
    ['that names no issuer on the way', ({ query }) => delete query.iss],
    ['whose user info is about another person', ({ userinfo }) => Object.assign(userinfo, { sub: 'head' })],
    ['that fails', (answer) => Object.assign(answer, { status: 500 })],
    ['that is no JSON', (answer) => Object.assign(answer, { body: () => '<html>' })],
    [
      'without an ID token',
      (answer) => Object.assign(answer, { body: () => '{"access_token":"a","token_type":"Bearer"}' }),
    ],
    ['with an e-mail that is none', ({ claims }) => Object.assign(claims, { email: { a: 1 } })],
  ];

  test.each(LIES)('%s is not believed, and leaves nothing behind', async (_, lie) => {
    service.lie = lie;
    const before = left();
    expect(await signIn()).toEqual({ end: '/?error=oidc_failed', signedIn: false });
    expect(left()).toEqual(before);
  });

  test('that is honest is believed', async () => {
    service.lie = () => {};
    expect(await signIn()).toEqual({ end: '/', signedIn: true });
  });
});
