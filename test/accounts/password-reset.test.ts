import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { NewTokenView } from '@pokers/protocol/accounts';
import { ask, type Person, request, signUp } from '../actors/people.ts';
import {
  runCli,
  type ServerProcess,
  startServerInEnvironment,
  temporaryFolder,
} from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { answerTo, by } from './account-actors.ts';
import { type MailServer, startMailServer } from './mail-server.ts';

describe('who has forgotten their password', () => {
  const folder = temporaryFolder('reset');
  let server: ServerProcess;
  let mails: MailServer;
  let ming: Person;

  beforeAll(async () => {
    mails = await startMailServer();
    const env = { POKERS_SMTP: mails.url, POKERS_LIMITS: JSON.stringify({ resetMailsBurst: 2 }) };
    const options = ['--url', 'https://chat.example.org', '--mail-from', 'Pokers <chat@example.org>'];
    server = await startServerInEnvironment(env, folder.path, ...options);
    ming = await signUp(server.url, 'Ming\u2028'.trim());
  });
  afterAll(async () => {
    await server.stop();
    mails.stop();
    folder.remove();
  });

  const askFor = (email: string, language = '', headers: Record<string, string> = {}) =>
    request(server.url, '/api/password-reset', {
      body: { email },
      headers: { 'accept-language': language, ...headers },
    });
  const linkIn = (text: string) => /https:\/\/chat\.example\.org\/reset\/([\w-]+)/.exec(text)?.[1];

  test('gets a mail with a link to the server’s own address, whatever host the request names', async () => {
    const response = await askFor(` ${ming.email.toUpperCase()}`, 'fr, en;q=0.5', { host: 'evil.example' });
    expect(await response.json()).toEqual({ mail: true });
    const mail = await mails.next();
    expect(mail.to).toEqual([ming.email]);
    expect(mail.from).toBe('chat@example.org');
    expect(mail.headers.get('subject')).toBe('A new password for Pokers');
    expect(mail.text).toContain('Hello Ming');
    expect(mail.text).not.toContain('evil');
    const api = { name: 'a bot', scopes: ['read'] };
    const bot = await ask<NewTokenView>(server.url, '/api/me/tokens', { as: ming, body: api });
    expect((await answerTo(server.url, '/api/classes', { as: by(ming, bot.token) })).status).toBe(200);
    const listening = await V2Client.open(server.socketUrl, by(ming, bot.token));
    const body = { token: linkIn(mail.text), password: 'one that I remember' };
    await ask(server.url, '/api/password-reset/confirm', { body });
    // Whoever had got in may have made themselves a token: it dies with the sessions.
    expect((await answerTo(server.url, '/api/classes', { as: by(ming, bot.token) })).error).toBe(
      'sign_in_required',
    );
    expect((await listening.socket.closed).code).toBe(4101);
    expect((await answerTo(server.url, '/api/password-reset/confirm', { body })).error).toBe('link_not_good');
    expect((await answerTo(server.url, '/api/me', { as: ming })).error).toBe('sign_in_required');
    await ask(server.url, '/api/sign-in', { body: { email: ming.email, password: body.password } });
  });

  test('gets it in Chinese, with the server’s name, where the browser says so', async () => {
    const lily = await signUp(server.url, '莉莉');
    await askFor(lily.email, 'zh-CN,zh;q=0.9,en;q=0.8');
    const mail = await mails.next();
    expect(mail.headers.get('subject')).toBe('重设Pokers的密码');
    expect(mail.text).toContain('莉莉，你好');
  });

  test('whether there is such an account shows neither in the answer nor in its time', async () => {
    const wei = await signUp(server.url, 'Wei');
    const answers = new Set<string>();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 40; round++) {
      for (const who of ['known', 'unknown'] as const) {
        const since = performance.now();
        const response = await askFor(who === 'known' ? wei.email : `nobody${round}@test.example`);
        times[who].push(performance.now() - since);
        answers.add(`${response.status} ${await response.text()}`);
      }
    }
    expect(answers.size).toBe(1);
    const median = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1] ?? 0;
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(3);
    // She was sent two, as the limit says, and nobody else anything.
    expect([await mails.next(), await mails.next()].map(({ to }) => to)).toEqual([[wei.email], [wei.email]]);
  });

  test('a name cannot add anything to the mail’s head', async () => {
    const sly = await signUp(server.url, 'Sly Bcc: all@x.example, <b>bold</b>');
    const before = mails.mails.length;
    await askFor(`${sly.email}, other@x.example`);
    await askFor(sly.email);
    const mail = await mails.next();
    expect(mails.mails.length).toBe(before + 1);
    expect(mail.to).toEqual([sly.email]);
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.headers.get('content-type')).toStartWith('text/plain');
  });

  test('mails need the server’s address, and a mail server’s', async () => {
    const serve = (...options: string[]) =>
      runCli('serve', '--data', `${folder.path}/other`, '--port', '0', ...options);
    const without = await serve('--smtp', mails.url);
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--smtp needs --url')]);
    const wrong = await serve('--smtp', 'mail.example.org', '--url', 'https://x.example');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--smtp must be')]);
    const half = await serve('--oidc-issuer', 'https://x.example');
    expect([half.code, half.stderr]).toEqual([2, expect.stringContaining('belong together')]);
    const plain = await serve('--oidc-issuer', 'http://x.example', '--oidc-client-id', 'x');
    expect([plain.code, plain.stderr]).toEqual([2, expect.stringContaining('https://')]);
  });
});

test('a mail server that is gone keeps nobody from anything', async () => {
  const folder = temporaryFolder('reset-gone');
  const env = { POKERS_SMTP: 'smtp://127.0.0.1:1' };
  const server = await startServerInEnvironment(env, folder.path, '--url', 'https://chat.example.org');
  const ming = await signUp(server.url, 'Ming');
  const body = { email: ming.email };
  expect(await ask(server.url, '/api/password-reset', { body })).toEqual({ mail: true });
  while (!server.complaints().includes('a mail could not be sent')) await Bun.sleep(5);
  await ask(server.url, '/api/sign-in', { body: { email: ming.email, password: ming.password } });
  expect(await server.stop()).toBe(0);
  folder.remove();
});
