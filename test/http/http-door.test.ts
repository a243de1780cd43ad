import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { ERRORS } from '@pokers/protocol/codes';
import type { MessagesView } from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import { ask, foundClass, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

describe('the HTTP door', () => {
  const folder = temporaryFolder('http');
  let server: ServerProcess;
  let ming: Person;
  let lily: Person;
  let stranger: Person;
  let classroom: ClassView;
  let thread: ThreadView;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, 'Ming 小明');
    lily = await signUp(server.url, 'Лилия');
    stranger = await signUp(server.url, 'Stranger');
    ({ classroom, thread } = await foundClass(server.url, ming, [lily]));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const failure = async (...[path, options]: [string, Parameters<typeof request>[2]?]) => {
    const response = await request(server.url, path, options);
    const body = (await response.json()) as { code: number; error: keyof typeof ERRORS; msg: string };
    expect(body.code).toBe(ERRORS[body.error].code);
    expect(response.status).toBe(ERRORS[body.error].http);
    expect(body.msg.length).toBeGreaterThan(10);
    return body.error;
  };

  test('the first account heads the server, later ones do not', async () => {
    expect(await ask(server.url, '/api/me', { as: ming })).toMatchObject({
      id: ming.id,
      name: ming.name,
      head: true,
    });
    expect(await ask(server.url, '/api/me', { as: lily })).toMatchObject({ head: false });
  });

  test('a cookie is as good as a token, is HttpOnly, and is good for nothing after signing out', async () => {
    const { email, password } = lily;
    const response = await request(server.url, '/api/sign-in', {
      body: { email: ` ${email.toUpperCase()} `, password },
    });
    const cookie = response.headers.getSetCookie()[0] ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect(await ask(server.url, '/api/me', { headers })).toMatchObject({ id: lily.id });
    await ask(server.url, '/api/sign-out', { headers, method: 'POST' });
    expect(await failure('/api/me', { headers })).toBe('sign_in_required');
    expect(await ask(server.url, '/api/me', { as: lily })).toMatchObject({ id: lily.id }); // her other session
  });

  test('a wrong password and an unknown e-mail are told apart by nobody', async () => {
    const wrong = await request(server.url, '/api/sign-in', {
      body: { email: lily.email, password: 'wrong wrong' },
    });
    const unknown = await request(server.url, '/api/sign-in', {
      body: { email: 'no@one.example', password: 'wrong wrong' },
    });
    expect([wrong.status, await wrong.json()]).toEqual([unknown.status, await unknown.json()]);
    expect(await failure('/api/sign-in', { body: { email: 'not an e-mail', password: 'x' } })).toBe(
      'wrong_credentials',
    );
  });

  test('a bad sign-up says which field is wrong, and a taken e-mail that it is', async () => {
    const good = { name: '小红', email: 'hong@test.example', password: 'long enough' };
    expect(await failure('/api/sign-up', { body: { ...good, email: lily.email.toUpperCase() } })).toBe(
      'email_taken',
    );
    for (const bad of [
      { name: ' ' },
      { email: 'nope' },
      { password: 'short' },
      { name: undefined },
      { more: 1 },
    ]) {
      expect(await failure('/api/sign-up', { body: { ...good, ...bad } })).toBe('bad_request');
    }
    expect(
      await failure('/api/sign-up', { body: { ...good, name: '名'.repeat(LIMITS.userNameChars + 1) } }),
    ).toBe('too_long');
  });

  test('without a session nothing but the open doors answers', async () => {
    for (const path of [
      '/api/me',
      '/api/classes',
      `/api/classes/${classroom.id}`,
      `/api/threads/${thread.id}/messages`,
    ]) {
      expect(await failure(path)).toBe('sign_in_required');
    }
    expect(await failure('/api/classes', { body: { name: 'x' } })).toBe('sign_in_required');
    expect((await request(server.url, '/api/openapi.json')).status).toBe(200);
  });

  test('a class is joined by its code, however it is typed, once', async () => {
    const { code = '' } = classroom;
    const typed = ` ${code.slice(0, 4)}-${code.slice(4).toLowerCase()} `;
    for (let times = 0; times < 2; times++) {
      const joined = await ask<ClassView>(server.url, '/api/classes/join', {
        as: lily,
        body: { code: typed },
      });
      expect(joined).toMatchObject({ id: classroom.id, role: 'student', members: 2 });
    }
    expect(await failure('/api/classes/join', { as: stranger, body: { code: 'WRONGONE' } })).toBe(
      'join_code_not_found',
    );
    expect(await ask(server.url, '/api/classes', { as: stranger })).toEqual({ classes: [] });
    const { members } = await ask<{ members: unknown[] }>(
      server.url,
      `/api/classes/${classroom.id}/members`,
      { as: lily },
    );
    expect(members).toEqual([
      { id: ming.id, name: ming.name, role: 'head' },
      { id: lily.id, name: lily.name, role: 'student' },
    ]);
  });

  test('what is another class’s is as if it were not there', async () => {
    for (const path of [
      `/api/classes/${classroom.id}`,
      `/api/classes/${classroom.id}/members`,
      '/api/classes/999',
    ]) {
      expect(await failure(path, { as: stranger })).toBe('class_not_found');
    }
    const messages = `/api/threads/${thread.id}/messages`;
    expect(await failure(messages, { as: stranger })).toBe('thread_not_found');
    expect(await failure(messages, { as: stranger, body: { content: 'hi' } })).toBe('thread_not_found');
    expect(await failure('/api/threads/999/messages', { as: ming })).toBe('thread_not_found');
    expect(await failure(`/api/classes/${classroom.id}/threads`, { as: stranger, body: { name: 'x' } })).toBe(
      'class_not_found',
    );
  });

  test('a posted message is answered whole, read back, and stored once under its nonce', async () => {
    const content = 'a\u0000b "quotes" <b> 你好 👩‍👩‍👧 \u2028';
    const first = await postOverHttp(server.url, ming, thread.id, content, { nonce: 'n' });
    expect(await postOverHttp(server.url, ming, thread.id, content, { nonce: 'n' })).toEqual(first);
    const page = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, { as: lily });
    expect(page.messages.at(-1)).toEqual(first);
    // PostgreSQL's texts have no character 0.
    expect(first.content?.replace('\ufffd', '\0')).toBe(content);
    expect(page.messages.filter((message) => message.content === first.content)).toHaveLength(1);
    const since = await ask<MessagesView>(
      server.url,
      `/api/threads/${thread.id}/messages?after=${first.seq - 1}`,
      { as: lily },
    );
    expect(since).toMatchObject({ messages: [first], more: false, seq: first.seq });
  });

  test('bad bodies, bad numbers and unknown addresses have their codes', async () => {
    const messages = `/api/threads/${thread.id}/messages`;
    expect(await failure(messages, { as: ming, body: '{"content":' })).toBe('bad_request');
    expect(await failure(messages, { as: ming, body: '[]' })).toBe('bad_request');
    expect(await failure(messages, { as: ming, body: { content: ' ' } })).toBe('bad_request');
    expect(
      await failure(messages, { as: ming, body: { content: 'x'.repeat(LIMITS.contentChars + 1) } }),
    ).toBe('too_long');
    expect(await failure(messages, { as: ming, body: { content: 'x'.repeat(LIMITS.bodyBytes + 1) } })).toBe(
      'too_long',
    );
    expect(await failure(messages, { as: ming, method: 'POST' })).toBe('bad_request');
    expect(
      await failure(messages, { as: ming, body: 'content=x', headers: { 'content-type': 'text/plain' } }),
    ).toBe('json_required');
    for (const query of ['limit=0', 'limit=9999', 'before=x', 'after=-1', 'before=1&after=1']) {
      expect([query, await failure(`${messages}?${query}`, { as: ming })]).toEqual([query, 'bad_request']);
    }
    expect(await failure('/api/threads/x/messages', { as: ming })).toBe('bad_request');
    expect(await failure('/api/nothing', { as: ming })).toBe('not_found');
  });

  test('a page of another site cannot make a change with someone’s cookie', async () => {
    const body = { name: 'Forged' };
    for (const origin of ['https://evil.example', 'null', `http://localhost.evil.example:${server.port}`]) {
      expect(await failure('/api/classes', { body, headers: { cookie: ming.cookie, origin } })).toBe(
        'origin_denied',
      );
    }
    const own = await request(server.url, '/api/classes', {
      body,
      headers: { cookie: ming.cookie, origin: server.url },
    });
    expect(own.status).toBe(201);
  });

  test('health and metrics answer, and the API describes itself', async () => {
    expect(await ask(server.url, '/healthz')).toEqual({ status: 'ok' });
    expect(await (await request(server.url, '/metrics')).text()).toContain(
      'pokers_connections{dialect="v2"} 0',
    );
    const { openapi, paths } = await ask<{ openapi: string; paths: object }>(server.url, '/api/openapi.json');
    expect(openapi).toBe('3.1.0');
    for (const path of [
      '/api/sign-up',
      '/api/sign-in',
      '/api/classes/{id}/threads',
      '/api/threads/{id}/messages',
    ]) {
      expect(Object.keys(paths)).toContain(path);
    }
  });
});
