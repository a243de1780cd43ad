import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { PokersClient } from '@pokers/sdk';
import { ask } from '../actors/people.ts';
import { runCli, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { makeLazer, passwordOf } from './make-lazer.ts';
import { readLazer } from './read-lazer.ts';

test('a school moves in: its old clients and ours talk in one of its old threads', async () => {
  const folder = temporaryFolder('moving');
  const from = `${folder.path}/lazer`;
  await makeLazer(from, { users: 30, classes: 2, threads: 4, messages: 2_000, seed: 7, escapeUnicode: true });
  const imported = await runCli('import-lazer', from, '--data', `${folder.path}/data`);
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('2,000')]);
  const again = await runCli('import-lazer', from, '--data', `${folder.path}/data`, '--json');
  expect(JSON.parse(again.stdout).tables.messages).toMatchObject({ imported: 0, already: 2_000 });

  const old = readLazer(from);
  const message = old.messages.find(({ speaker }) => old.users.some(({ id }) => id === speaker));
  const ming = old.users.find(({ id }) => id === message?.speaker);
  if (!message || !ming) throw new Error('the school has no message of one of its users');
  const server = await startServerProcess(`${folder.path}/data`, '--classic', 'open', '--workers', '2');

  // The old client announces an old message: its record arrives as it stood in the old database.
  const readers = await Promise.all(Array.from({ length: 6 }, () => SocketClient.open(server.socketUrl)));
  const frame = {
    thread_id: String(message.thread),
    class_id: message.belong_class,
    speaker: ming.id,
    speaker_name: ming.name.toUpperCase(),
  };
  for (const reader of readers) {
    expect(await reader.next()).toBe('{"op":"connect","status":true}');
    reader.send({ action: 'join', ...frame });
    expect(await reader.next()).toBe(`{"op":"join","thread":"${message.thread}","status":true,"code":100}`);
  }
  const [sender] = readers as [SocketClient];
  sender.send({ action: 'send', ...frame, mes_id: message.id });
  expect(await sender.next()).toBe('{"op":"send","status":true,"code":105}');
  for (const reader of readers) expect(JSON.parse(await reader.next())).toEqual(message);

  // The same person, with the old password, on our client: sees the old messages, posts, and is seen by the old ones.
  const client = new PokersClient({ url: server.url });
  await client.http.signIn({ email: ming.email, password: passwordOf(ming.id) });
  await client.connect();
  const thread = client.thread(message.thread);
  await thread.open();
  const theirs = old.messages.filter(({ thread }) => thread === message.thread);
  expect(thread.messages.map(({ id }) => id)).toEqual(
    theirs.slice(-thread.messages.length).map(({ id }) => id),
  );
  const posted = await thread.post('你好 from the new client');
  for (const reader of readers) {
    expect(await reader.nextJson()).toMatchObject({
      id: posted.id,
      speaker: ming.id,
      content: '你好 from the new client',
    });
  }

  // And what an old client stores over HTTP and announces, ours has.
  const heard = new Promise<void>((resolve) =>
    thread.on('change', (changed) => {
      if (changed.some(({ content }) => content === 'from the old client')) resolve();
    }),
  );
  const headers = { authorization: `Bearer ${client.http.token}` };
  const stored = await ask<{ id: number }>(server.url, `/api/threads/${message.thread}/messages`, {
    headers,
    body: { content: 'from the old client' },
  });
  sender.send({ action: 'send', ...frame, mes_id: stored.id });
  await heard;
  for (const reader of readers) {
    const record = await reader.until(({ op }) => op !== 'send');
    expect(record).toMatchObject({ id: stored.id, content: 'from the old client' });
  }

  client.close();
  for (const reader of readers) reader.close();
  await server.stop();
  folder.remove();
}, 60_000);

test('an imported password is good for one sign-in in its old form, and is argon2id afterwards', async () => {
  const folder = temporaryFolder('legacy');
  const from = `${folder.path}/lazer`;
  await makeLazer(from, { users: 3, classes: 1, threads: 1, messages: 10, seed: 1 });
  await runCli('import-lazer', from, '--data', `${folder.path}/data`);
  const [person] = readLazer(from).users;
  if (!person) throw new Error('the school has nobody');
  const server = await startServerProcess(`${folder.path}/data`);
  const body = { email: person.email, password: passwordOf(person.id) };
  const hash = () => storedHash(`${folder.path}/data`, person.id);
  expect(hash()).toStartWith('md5:');
  await ask(server.url, '/api/sign-in', { body });
  expect(hash()).toStartWith('$argon2id$');
  await ask(server.url, '/api/sign-in', { body });
  await server.stop();
  folder.remove();
}, 60_000);

function storedHash(data: string, user: number): string {
  const db = new Database(`${data}/pokers.db`, { readonly: true });
  const row = db
    .query<{ password: string }, [number]>('select password from accounts where user_id = ?')
    .get(user);
  db.close();
  return row?.password ?? '';
}
