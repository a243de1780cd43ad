import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { PokersError } from '../../server/src/errors.ts';
import { capsFrom } from '../../server/src/limits/caps.ts';
import { Refusals } from '../../server/src/limits/refusals.ts';
import { SignIns } from '../../server/src/limits/sign-ins.ts';
import { failureOf } from '../actors/failure.ts';
import { type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';

const MACHINE = { memoryBytes: 1024 ** 3, openFiles: 65_536 };
const wrong = () => Promise.reject(new PokersError('wrong_credentials'));
const right = () => Promise.resolve('welcome');

describe('who guesses passwords', () => {
  const fresh = () => new SignIns(capsFrom(undefined, MACHINE, 1), new Refusals());
  const errorOf = async (promise: Promise<unknown>) => ((await failureOf(promise)) as PokersError).error;

  async function guess(
    signIns: SignIns,
    times: number,
    who: (index: number) => [string, string],
  ): Promise<void> {
    for (let index = 0; index < times; index++)
      await signIns.try(...who(index), wrong).catch(() => undefined);
  }

  test('from one address waits after ten, and so does whoever shares both address and account', async () => {
    const signIns = fresh();
    await guess(signIns, 10, () => ['10.0.0.1', 'ming@x']);
    expect(await errorOf(signIns.try('10.0.0.1', ' MING@x', right))).toBe('too_many');
    expect(await signIns.try('10.0.0.2', 'ming@x', right)).toBe('welcome');
    expect(await signIns.try('10.0.0.1', 'lily@x', right)).toBe('welcome');
  });

  test('from many addresses does not lock out the owner where she has been before', async () => {
    const signIns = fresh();
    await signIns.try('192.168.0.7', 'ming@x', right);
    await guess(signIns, 200, (index) => [`10.0.0.${index}`, 'ming@x']);
    expect(await errorOf(signIns.try('172.16.0.1', 'ming@x', right))).toBe('too_many');
    expect(await signIns.try('192.168.0.7', 'ming@x', right)).toBe('welcome');
  });

  test('of many accounts from one address is held back there alone', async () => {
    const signIns = fresh();
    await guess(signIns, 400, (index) => ['10.0.0.1', `pupil${index}@x`]);
    expect(await errorOf(signIns.try('10.0.0.1', 'other@x', right))).toBe('too_many');
    expect(await signIns.try('10.0.0.2', 'other@x', right)).toBe('welcome');
  });

  test('counts only where the password was wrong: a school signs in at once, and a fault of ours costs nobody a try', async () => {
    const signIns = fresh();
    for (let pupil = 0; pupil < 2_000; pupil++) await signIns.try('10.0.0.1', `pupil${pupil}@x`, right);
    for (let times = 0; times < 50; times++) {
      await signIns.try('10.0.0.1', 'ming@x', () => Promise.reject(new Error('disk'))).catch(() => undefined);
    }
    expect(await signIns.try('10.0.0.1', 'ming@x', right)).toBe('welcome');
  });
});

describe('the HTTP door', () => {
  const folder = temporaryFolder('sign-ins');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    const limits = { signInFailuresBurst: 3, signInFailureSeconds: 5, signUpsBurst: 2, signUpSeconds: 100 };
    server = await startLimitedServer(limits, folder.path);
    ming = await signUp(server.url, 'Ming');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const signIn = (password: string) =>
    request(server.url, '/api/sign-in', { body: { email: ming.email, password } });

  test('tells who guesses to wait, and after that the right password is let in', async () => {
    const guesses = await Promise.all(Array.from({ length: 8 }, () => signIn('not the one')));
    expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
    const refused = await signIn(ming.password);
    expect(refused.status).toBe(429);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeWithin(1, 6);
    await Bun.sleep(wait * 1_000 + 100);
    expect((await signIn(ming.password)).status).toBe(200);
  });

  test('makes only so many accounts for one address', async () => {
    await signUp(server.url, 'Lily');
    const third = { name: 'Third', email: 'third@test.example', password: 'long enough' };
    const refused = await request(server.url, '/api/sign-up', { body: third });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 90]).toEqual([429, true]);
  });
});
