import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { runCli, type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';
import { answerTo } from './account-actors.ts';

describe('pokers user', () => {
  const folder = temporaryFolder('user-command');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, 'Ming');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const user = (...args: string[]) => runCli('user', ...args, '--data', folder.path);
  const signIn = (email: string, password: string) =>
    answerTo(server.url, '/api/sign-in', { body: { email, password } });

  test('add makes an account while the server runs, with a password that works', async () => {
    const said = await user('add', '小红', 'Hong@test.example');
    expect(said.code).toBe(0);
    expect(said.stderr).toBe('');
    const password = /with the password (\S+)/.exec(said.stdout)?.[1] ?? '';
    expect((await signIn('hong@test.example', password)).body.user).toMatchObject({
      name: '小红',
      head: false,
    });

    const json = await user('add', 'Wei', 'wei@test.example', '--head', '--json');
    const { user: wei, password: his } = JSON.parse(json.stdout);
    expect(wei).toMatchObject({ name: 'Wei', email: 'wei@test.example', head: true });
    expect((await signIn('Wei', his)).status).toBe(200);
    await user('demote', 'Wei');
  });

  test('says in one line what is wrong', async () => {
    for (const [args, code, words] of [
      [['add', 'Ming', ming.email], 1, 'There is an account with this e-mail already'],
      [['add', 'Ming', 'nope'], 2, 'no e-mail address'],
      [['add', ' ', 'a@b.example'], 2, 'must not be blank'],
      [['add', 'Ming'], 2, "missing required argument 'email'. See pokers user add --help"],
      [['disable', 'nobody'], 1, 'This user does not exist'],
      [['disable', 'Ming'], 1, 'Nobody else heads the server'],
      [['demote', ming.email], 1, 'Nobody else heads the server'],
    ] as const) {
      const said = await user(...args);
      expect([args, said.code, said.stdout, said.stderr]).toEqual([
        args,
        code,
        '',
        expect.stringContaining(words),
      ]);
      expect(said.stderr.trim().split('\n')).toHaveLength(1);
    }
    const nowhere = await runCli('user', 'list', '--data', `${folder.path}/nowhere`);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('There is no database')]);
  });

  test('list shows all, or whom one looks for', async () => {
    expect((await user('list')).stdout).toContain(`Ming  <${ming.email}>  (head)`);
    const { users } = JSON.parse((await user('list', '红', '--json')).stdout);
    expect(users).toMatchObject([{ name: '小红' }]);
    expect((await user('list', 'zzz')).stdout).toBe('There is nobody.\n');
  });

  test('reset prints a link that works', async () => {
    const lily = await signUp(server.url, 'Lily');
    const { stdout } = await user('reset', 'lily', '--url', server.url);
    const token = stdout.split('\n')[0]?.replace(`${server.url}/reset/`, '');
    const body = { token, password: 'the new password' };
    expect((await answerTo(server.url, '/api/password-reset/confirm', { body })).status).toBe(200);
    expect((await signIn(lily.email, 'the new password')).status).toBe(200);
    const bare = JSON.parse((await user('reset', 'lily', '--json')).stdout);
    expect(bare.link).toStartWith('/reset/');
  });

  test('disable keeps someone out, and enable lets them in', async () => {
    const wei = await signUp(server.url, 'Wei 2');
    expect((await user('disable', wei.email)).stdout).toContain('can sign in no more');
    expect((await answerTo(server.url, '/api/me', { as: wei })).error).toBe('sign_in_required');
    expect((await signIn(wei.email, wei.password)).error).toBe('account_disabled');
    await user('enable', wei.email);
    expect((await signIn(wei.email, wei.password)).status).toBe(200);
    const { entries } = (await answerTo(server.url, '/api/server/audit', { as: ming })).body as {
      entries: { action: string; address?: string; actor?: number }[];
    };
    const disabled = entries.find(({ action }) => action === 'user.disable');
    expect(disabled).toMatchObject({ address: 'command line' });
    expect(disabled?.actor).toBeUndefined();
  });

  test('works where no server runs, and promotes a first head', async () => {
    const other = temporaryFolder('user-command-2');
    const first = await startServerProcess(other.path);
    const lily = await signUp(first.url, 'Lily');
    await first.stop();
    const said = await runCli('user', 'add', 'New', 'new@test.example', '--head', '--data', other.path);
    expect(said.code).toBe(0);
    expect((await runCli('user', 'demote', lily.email, '--data', other.path)).code).toBe(0);
    other.remove();
  });
});

test('what the command line closes is closed on a running server, in all its processes, within a second', async () => {
  const folder = temporaryFolder('user-command-3');
  const server = await startServerProcess(folder.path, '--workers', '2');
  const head = await signUp(server.url, 'Head');
  for (const round of [1, 2, 3]) {
    const ming = await signUp(server.url, `Ming ${round}`);
    const { thread } = await foundClass(server.url, head, [ming]);
    const clients = await Promise.all(Array.from({ length: 6 }, () => V2Client.open(server.socketUrl, ming)));
    for (const client of clients) await client.get({ action: 'join', thread: thread.id });
    const closed = Promise.all(
      clients.map(async ({ socket }) => ({ code: (await socket.closed).code, at: performance.now() })),
    );
    const { code } = await runCli('user', 'disable', ming.email, '--data', folder.path);
    const since = performance.now();
    expect(code).toBe(0);
    for (const each of await closed) {
      expect(each.code).toBe(4101);
      // Promised is a second; the rest is for a machine that has other things to do.
      expect(each.at - since).toBeLessThan(1_250);
    }
  }
  await server.stop();
  folder.remove();
});

test('whoever is believed without a session hears no more either', async () => {
  const folder = temporaryFolder('user-command-4');
  const server = await startServerProcess(folder.path, '--classic', 'open');
  const chen = await signUp(server.url, 'Ms Chen');
  const ming = await signUp(server.url, 'Ming');
  const { classroom, thread } = await foundClass(server.url, chen, [ming]);
  const listen = async ({ id, name }: Person): Promise<SocketClient> => {
    const socket = await SocketClient.open(server.socketUrl);
    const speaker = { speaker: id, speaker_name: name };
    socket.send({ action: 'join', thread_id: thread.id, class_id: classroom.id, ...speaker });
    await socket.until(({ code }) => code === 100);
    return socket;
  };
  const [his, hers] = [await listen(ming), await listen(chen)];
  const heard = (socket: SocketClient) => socket.until(({ content }) => content !== undefined);
  const say = (content: string) => postOverHttp(server.url, chen, thread.id, content, { announce: true });
  await say('before');
  expect((await heard(his)).content).toBe('before');
  await heard(hers);

  await runCli('user', 'disable', ming.email, '--data', folder.path);
  await Bun.sleep(1_250); // a second is promised
  const before = his.frames.length;
  await say('afterwards');
  expect((await heard(hers)).content).toBe('afterwards');
  his.send({
    action: 'join',
    thread_id: thread.id,
    class_id: classroom.id,
    speaker: ming.id,
    speaker_name: 'Ming',
  });
  expect((await his.until(({ code }) => typeof code === 'number' && code !== 102)).code).toBe(107);
  expect(his.frames.slice(before).filter((frame) => frame.includes('afterwards'))).toEqual([]);
  for (const socket of [his, hers]) socket.close();
  await server.stop();
  folder.remove();
});
