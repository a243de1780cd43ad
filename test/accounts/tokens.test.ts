import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { NewTokenView, TokenView } from '@pokers/protocol/accounts';
import type { ThreadView } from '@pokers/protocol/classes';
import { ask, foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { answerTo, by } from './account-actors.ts';

describe('a token for a program', () => {
  const folder = temporaryFolder('tokens');
  let server: ServerProcess;
  let ming: Person;
  let thread: ThreadView;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, 'Ming');
    ({ thread } = await foundClass(server.url, ming, []));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const to = (path: string, options: Parameters<typeof answerTo>[2] = {}) =>
    answerTo(server.url, path, options);
  const make = (scopes: string[], more: object = {}) =>
    ask<NewTokenView>(server.url, '/api/me/tokens', { as: ming, body: { name: 'bot', scopes, ...more } });
  const list = async () =>
    (await ask<{ tokens: TokenView[] }>(server.url, '/api/me/tokens', { as: ming })).tokens;

  test('reads and writes as its scopes say, over HTTP and v2', async () => {
    const reader = by(ming, (await make(['read'])).token);
    const writer = by(ming, (await make(['read', 'write'])).token);
    const post = { body: { content: 'from a bot' } };
    const path = `/api/threads/${thread.id}/messages`;
    expect((await to(path, { as: reader })).status).toBe(200);
    expect((await to(path, { as: reader, ...post })).error).toBe('scope_missing');
    expect((await to(path, { as: writer, ...post })).status).toBe(201);
    expect((await to('/api/classes', { as: writer, body: { name: 'x' } })).error).toBe('scope_missing');
    expect((await to('/api/classes', { as: reader })).status).toBe(200);
    const manager = by(ming, (await make(['manage'])).token);
    expect((await to('/api/classes', { as: manager })).error).toBe('scope_missing');

    const line = await V2Client.connect(server.socketUrl);
    expect(await line.ask({ action: 'hello', token: reader.token })).toMatchObject({ user: ming.id });
    expect(await line.ask({ action: 'join', thread: thread.id })).toMatchObject({ op: 'join' });
    const refused = await line.ask({ action: 'post', thread: thread.id, content: 'x', nonce: 'a' });
    expect(refused).toMatchObject({ op: 'error', error: 'scope_missing' });
    line.close();
  });

  test('says who it is, and reaches no settings of the account or the server', async () => {
    const bot = by(ming, (await make(['read', 'write', 'manage'])).token);
    expect((await to('/api/me', { as: bot })).body).toMatchObject({ id: ming.id });
    for (const [path, method] of [
      ['/api/me', 'PATCH'],
      ['/api/me/password', 'POST'],
      ['/api/me/sessions', 'GET'],
      ['/api/me/sessions', 'DELETE'],
      ['/api/me/tokens', 'GET'],
      ['/api/me/tokens', 'POST'],
      ['/api/me/totp', 'POST'],
      ['/api/server/users', 'GET'],
      ['/api/server/settings', 'PATCH'],
      ['/api/server/audit', 'GET'],
      ['/api/%6de/tokens', 'GET'],
      ['/api/sign-out', 'POST'],
    ] as const) {
      const answer = await to(path, { as: bot, method, ...(method !== 'GET' && { body: {} }) });
      expect(`${path} ${answer.error}`).toMatch(/ (session_required|not_found)$/);
    }
  });

  test('is shown once, kept as a hash, and its use is noted', async () => {
    const { token, id } = await make(['read']);
    expect(token).toStartWith('pkr_');
    await to('/api/me', { as: by(ming, token) });
    while ((await list()).find((each) => each.id === id)?.used === undefined) await Bun.sleep(5);
    expect(JSON.stringify(await list())).not.toContain(token);
    const bytes = await Promise.all(
      ['pokers.db', 'pokers.db-wal'].map((file) => Bun.file(`${folder.path}/${file}`).bytes()),
    );
    for (const each of bytes) expect(Buffer.from(each).includes(token)).toBe(false);
  });

  test('that is revoked ends what is connected by it, and nothing else', async () => {
    const { token, id } = await make(['read']);
    const mine = await V2Client.open(server.socketUrl, ming);
    const bots = await V2Client.connect(server.socketUrl, { token });
    await bots.ask({ action: 'hello' });
    await ask(server.url, `/api/me/tokens/${id}`, { as: ming, method: 'DELETE' });
    expect((await bots.socket.closed).code).toBe(4101);
    expect((await to('/api/me', { as: by(ming, token) })).error).toBe('sign_in_required');
    expect(await mine.ask({ action: 'ping' })).toMatchObject({ op: 'ping' });
  });

  test('that has run out is good for nothing; one that would have, is not made', async () => {
    const past = Math.floor(Date.now() / 1000) - 1;
    const body = { name: 'late', scopes: ['read'], expires: past };
    expect((await to('/api/me/tokens', { as: ming, body })).error).toBe('bad_request');
    const { token } = await make(['read'], { expires: past + 3 });
    expect((await to('/api/me', { as: by(ming, token) })).status).toBe(200);
    await Bun.sleep(2_100);
    expect((await to('/api/me', { as: by(ming, token) })).error).toBe('sign_in_required');
  });

  test('of another person cannot be revoked, and there are at most 50', async () => {
    const lily = await signUp(server.url, 'Lily');
    const { id } = await make(['read']);
    expect((await to(`/api/me/tokens/${id}`, { as: lily, method: 'DELETE' })).error).toBe('not_found');
    const body = { name: 'many', scopes: ['read'] };
    for (let made = 0; made < 50; made++) await ask(server.url, '/api/me/tokens', { as: lily, body });
    expect((await to('/api/me/tokens', { as: lily, body })).error).toBe('limit_reached');
  });
});
