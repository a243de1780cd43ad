import { afterAll, beforeAll, expect, test } from 'bun:test';
import { HttpApi } from '@pokers/sdk';
import { AccountApi } from '@pokers/sdk/account-api';
import { ServerApi } from '@pokers/sdk/server-api';
import { failureOf } from '../actors/failure.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { codeOf } from './account-actors.ts';

const folder = temporaryFolder('accounts-sdk');
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('a program does all this with its own account by the SDK', async () => {
  const http = new HttpApi({ url: server.url });
  const account = new AccountApi(http);
  const ming = { name: 'Ming', email: 'ming@test.example', password: 'a password' };
  expect(await account.signInOptions()).toEqual({ name: 'Pokers', sign_up: 'open', mail: false });
  await http.signUp(ming);
  expect(await account.change({ name: '小明' })).toMatchObject({ name: '小明' });
  await account.changePassword('another password', ming.password);

  const { secret } = await account.beginSecondFactor('another password');
  await account.confirmSecondFactor(codeOf(secret));
  const credentials = { email: '小明', password: 'another password' };
  const other = new HttpApi({ url: server.url });
  expect(await failureOf(other.signIn(credentials))).toMatchObject({ error: 'second_factor_required' });
  await other.signIn({ ...credentials, code: codeOf(secret, 1) });
  expect((await account.renewRecovery('another password')).recovery).toHaveLength(10);
  await account.endSecondFactor('another password');

  expect(await account.sessions()).toHaveLength(2);
  await account.endOtherSessions();
  expect(await failureOf(other.me())).toMatchObject({ error: 'sign_in_required' });

  const { token, id } = await account.createToken({ name: 'bot', scopes: ['read'] });
  expect(await new HttpApi({ url: server.url, token }).me()).toMatchObject({ name: '小明' });
  await account.revokeToken(id);
  expect(await account.tokens()).toEqual([]);
});

test('and a head with the server', async () => {
  const http = new HttpApi({ url: server.url });
  await http.signIn({ email: 'ming@test.example', password: 'another password' });
  const head = new ServerApi(http);
  const { user, password } = await head.addUser({ name: 'Lily', email: 'lily@test.example' });
  expect((await head.users('lil')).users).toMatchObject([{ id: user.id }]);
  expect(await head.disable(user.id)).toHaveProperty('disabled');
  await head.enable(user.id);
  expect(await head.promote(user.id)).toMatchObject({ head: true });
  await head.demote(user.id);
  const { link } = await head.resetLink(user.id);
  const lily = new HttpApi({ url: server.url });
  await lily.signIn({ email: 'lily@test.example', password });
  await new AccountApi(lily).reset(link.split('/').at(-1) ?? '', 'her own password');
  expect(await failureOf(lily.me())).toMatchObject({ error: 'sign_in_required' });
  expect(await head.changeSettings({ sign_up: 'closed' })).toEqual(await head.settings());
  expect((await head.audit()).entries[0]).toMatchObject({ action: 'server.settings' });
});
