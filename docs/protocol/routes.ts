import { code, table } from './markdown.ts';
import type { ResourceName } from './resources.ts';

export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** Whether it answers without a session. */
  readonly open?: true;
  readonly query?: readonly string[];
  readonly body?: ResourceName;
  readonly status: 200 | 201;
  /** What it answers: a resource, or a list of one under a name; nothing is an empty object. */
  readonly answer?: ResourceName | { readonly list: string; readonly of: ResourceName };
}

/** The API's routes. `routes.test.ts` compares them with what a running server says at /api/openapi.json. */
export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/api/sign-up',
    summary: 'Make an account and sign in; the first one heads the server',
    open: true,
    body: 'SignUp',
    status: 201,
    answer: 'Session',
  },
  {
    method: 'post',
    path: '/api/sign-in',
    summary: 'Sign in',
    open: true,
    body: 'SignIn',
    status: 200,
    answer: 'Session',
  },
  { method: 'post', path: '/api/sign-out', summary: 'End this session', open: true, status: 200 },
  {
    method: 'get',
    path: '/api/me',
    summary: 'Who am I? Prolongs the session',
    status: 200,
    answer: 'User',
  },
  {
    method: 'get',
    path: '/api/classes',
    summary: 'My classes, newest first',
    status: 200,
    answer: { list: 'classes', of: 'Class' },
  },
  {
    method: 'post',
    path: '/api/classes',
    summary: 'Make a class; you head it',
    body: 'CreateClass',
    status: 201,
    answer: 'Class',
  },
  {
    method: 'post',
    path: '/api/classes/join',
    summary: 'Enter a class by its code',
    body: 'JoinClass',
    status: 200,
    answer: 'Class',
  },
  { method: 'get', path: '/api/classes/{id}', summary: 'A class of mine', status: 200, answer: 'Class' },
  {
    method: 'get',
    path: '/api/classes/{id}/members',
    summary: 'Who is in a class of mine',
    status: 200,
    answer: { list: 'members', of: 'Member' },
  },
  {
    method: 'get',
    path: '/api/classes/{id}/threads',
    summary: 'Threads of a class of mine, the ones with the newest messages first',
    status: 200,
    answer: { list: 'threads', of: 'Thread' },
  },
  {
    method: 'post',
    path: '/api/classes/{id}/threads',
    summary: 'Open a thread',
    body: 'CreateThread',
    status: 201,
    answer: 'Thread',
  },
  {
    method: 'get',
    path: '/api/threads/{id}',
    summary: 'A thread of a class of mine',
    status: 200,
    answer: 'Thread',
  },
  {
    method: 'get',
    path: '/api/threads/{id}/messages',
    summary: 'Messages of a thread: the newest, those before a message, or what changed after a seq',
    query: ['before', 'after', 'wait', 'limit'],
    status: 200,
    answer: 'Messages',
  },
  {
    method: 'post',
    path: '/api/threads/{id}/messages',
    summary: 'Post a message. Its id is what a classic client then announces as mes_id',
    body: 'PostMessage',
    status: 201,
    answer: 'Message',
  },
  {
    method: 'post',
    path: '/api/threads/{id}/read',
    summary: 'I have read this thread up to a message',
    body: 'Read',
    status: 200,
    answer: 'Unread',
  },
  {
    method: 'patch',
    path: '/api/messages/{id}',
    summary: 'Give a message of mine another text',
    body: 'EditMessage',
    status: 200,
    answer: 'Message',
  },
  {
    method: 'delete',
    path: '/api/messages/{id}',
    summary: 'Take a message away: mine, or as a teacher anyone’s',
    status: 200,
    answer: 'Message',
  },
  {
    method: 'post',
    path: '/api/messages/{id}/reactions',
    summary: 'Put an emoji on a message, or take mine off',
    body: 'Reaction',
    status: 200,
    answer: 'Message',
  },
  {
    method: 'post',
    path: '/api/messages/{id}/pin',
    summary: 'Pin a message to its thread, or unpin it; for teachers',
    body: 'Pin',
    status: 200,
    answer: 'Message',
  },
];

export function routeTable(): string {
  const rows = ROUTES.map((route) => [
    route.method.toUpperCase(),
    code(route.path),
    route.open ? `${route.summary} *` : route.summary,
    route.query ? `query: ${route.query.map(code).join(', ')}` : linkTo(route.body),
    `${route.status} ${answerOf(route)}`,
  ]);
  return table(['method', 'path', 'what it does', 'takes', 'answers'], rows);
}

function answerOf({ answer }: Route): string {
  if (answer === undefined) return '`{}`';
  if (typeof answer === 'string') return linkTo(answer);
  return `\`{${answer.list}}\`, array of ${linkTo(answer.of)}`;
}

function linkTo(name: ResourceName | undefined): string {
  return name ? `[${name}](#${name.toLowerCase()})` : '';
}
