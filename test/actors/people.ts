import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { MessageView, SessionView } from '@pokers/protocol/http';

/** Someone with an account, and their session. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly cookie: string;
}

/** A request to the API as this person, or as nobody. Bodies are JSON. */
export function request(
  url: string,
  path: string,
  options: {
    as?: Person | undefined;
    body?: unknown;
    method?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.as) headers.authorization = `Bearer ${options.as.token}`;
  if (options.body !== undefined) headers['content-type'] ??= 'application/json';
  return fetch(url + path, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers,
    ...(options.body !== undefined && {
      body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
    }),
  });
}

/** Like `request`, for what must go well. */
export async function ask<Answer>(...args: Parameters<typeof request>): Promise<Answer> {
  const response = await request(...args);
  if (!response.ok) throw new Error(`${args[1]}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

export async function signUp(url: string, name: string): Promise<Person> {
  const email = `${crypto.randomUUID()}@test.example`;
  const password = `password of ${name}`.slice(0, 40);
  const response = await request(url, '/api/sign-up', { body: { name, email, password } });
  if (!response.ok) throw new Error(`${name} could not sign up: ${await response.text()}`);
  const { user, token } = (await response.json()) as SessionView;
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return { id: user.id, name, email, password, token, cookie };
}

/** A class with a head, members who joined by its code, and a thread. */
export async function foundClass(url: string, head: Person, members: readonly Person[], name = 'Class 1') {
  const classroom = await ask<ClassView>(url, '/api/classes', { as: head, body: { name } });
  for (const as of members) await ask(url, '/api/classes/join', { as, body: { code: classroom.code } });
  const thread = await openThread(url, head, classroom.id);
  return { classroom, thread };
}

export function openThread(
  url: string,
  as: Person,
  classroom: number,
  name = 'A thread',
): Promise<ThreadView> {
  return ask<ThreadView>(url, `/api/classes/${classroom}/threads`, { as, body: { name } });
}

export function postOverHttp(
  url: string,
  as: Person,
  thread: number,
  content: string,
  more: object = {},
): Promise<MessageView> {
  return ask<MessageView>(url, `/api/threads/${thread}/messages`, { as, body: { content, ...more } });
}
