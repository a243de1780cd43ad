import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ask, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

describe('signing in', () => {
  const folder = temporaryFolder('accounts');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, 'Ｍing 小明');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const signIn = async (email: string, password: string) => {
    const response = await request(server.url, '/api/sign-in', { body: { email, password } });
    const { user, error } = (await response.json()) as { user?: { id: number }; error?: string };
    return user?.id ?? error;
  };

  test.each(['MING 小明', '  ming   小明 ', 'Ming　小明', 'ｍｉｎｇ 小明'])(
    'Ming signs in by her name as “%s”, as by her e-mail',
    async (typed) => {
      expect(await signIn(typed, ming.password)).toBe(ming.id);
      expect(await signIn(typed, 'not her password')).toBe('wrong_credentials');
    },
  );

  test('two people with the same name are told apart by their e-mail alone', async () => {
    const [first, second] = [await signUp(server.url, 'Straße'), await signUp(server.url, 'STRASSE')];
    expect(await signIn('strasse', first.password)).toBe('wrong_credentials');
    expect(await signIn(second.email, second.password)).toBe(second.id);
    expect(await ask(server.url, '/api/me', { as: first })).toMatchObject({ id: first.id });
  });

  test('someone whose name is another’s e-mail address signs in nobody by it but its owner', async () => {
    const sly = await signUp(server.url, ming.email);
    expect(await signIn(ming.email, sly.password)).toBe('wrong_credentials');
    expect(await signIn(ming.email, ming.password)).toBe(ming.id);
  });
});
