import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  type CommandName,
  OBSTACLES,
  type Obstacle,
  RIGHTS,
  ROLES,
  type Role,
} from '@pokers/protocol/rights';
import { ask, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';
import { type Scene, Town } from './town.ts';

/** Every command × every role × what may be in the way × every door: what happens is what the table says. */
const folder = temporaryFolder('rights');
let server: ServerProcess;
let town: Town;
let other: Person;
let actor: Person;
let target: Person;
let asking: Person;
let token: string;
let v2: V2Client;
let classic: SocketClient;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  town = new Town(folder.path);
  other = await signUp(server.url, 'Ms Chen');
  actor = await signUp(server.url, 'Ming');
  target = await signUp(server.url, 'Lily');
  asking = await signUp(server.url, 'Omar');
  const body = { name: 'bot', scopes: ['read'] };
  ({ token } = await ask<{ token: string }>(server.url, '/api/me/tokens', { as: actor, body }));
  v2 = await V2Client.open(server.socketUrl, actor);
  classic = await SocketClient.open(server.socketUrl, { token: actor.token });
  await classic.next();
});
afterAll(async () => {
  v2.close();
  classic.close();
  town.close();
  await server.stop();
  folder.remove();
});

type Call = readonly [method: string, path: string, body?: object];
const nonce = (): string => crypto.randomUUID();

/** How each command is given over HTTP. */
const HTTP: Partial<Record<CommandName, (scene: Scene, obstacle: Obstacle | undefined) => Call>> = {
  see_class: ({ thread }) => ['GET', `/api/threads/${thread}/messages`],
  see_members: ({ classroom }) => ['GET', `/api/classes/${classroom}/members`],
  listen: ({ thread }) => ['GET', `/api/threads/${thread}/messages?after=0&wait=1`],
  mark_read: ({ thread, message }) => ['POST', `/api/threads/${thread}/read`, { message }],
  post: ({ thread }) => ['POST', `/api/threads/${thread}/messages`, { content: 'hi' }],
  edit_message: ({ message }) => ['PATCH', `/api/messages/${message}`, { content: 'other' }],
  delete_message: ({ message }) => ['DELETE', `/api/messages/${message}`],
  react: ({ message }) => ['POST', `/api/messages/${message}/reactions`, { emoji: '👍', on: true }],
  pin_message: ({ message }) => ['POST', `/api/messages/${message}/pin`, { on: true }],
  create_thread: ({ classroom }) => ['POST', `/api/classes/${classroom}/threads`, { name: 'New' }],
  rename_thread: ({ thread }) => ['PATCH', `/api/threads/${thread}`, { name: 'Other' }],
  pin_thread: ({ thread }) => ['PATCH', `/api/threads/${thread}`, { pinned: true }],
  lock_thread: ({ thread }) => ['PATCH', `/api/threads/${thread}`, { read_only: true }],
  archive_thread: ({ thread }) => ['PATCH', `/api/threads/${thread}`, { archived: true }],
  delete_thread: ({ thread }) => ['DELETE', `/api/threads/${thread}`, { confirm: 'A thread' }],
  invite: ({ classroom }) => ['POST', `/api/classes/${classroom}/invitations`, { role: 'student' }],
  decide_request: ({ classroom }) => [
    'POST',
    `/api/classes/${classroom}/requests/${asking.id}`,
    { accept: true },
  ],
  add_members: ({ classroom }) => [
    'POST',
    `/api/classes/${classroom}/people`,
    { text: 'Anna', give: 'links' },
  ],
  set_role: ({ classroom }) => ['PATCH', `/api/classes/${classroom}/members/${target.id}`, { role: 'guest' }],
  mute_member: ({ classroom }) => [
    'PATCH',
    `/api/classes/${classroom}/members/${target.id}`,
    { muted_for: 60 },
  ],
  remove_member: ({ classroom }) => ['DELETE', `/api/classes/${classroom}/members/${target.id}`],
  ban_member: ({ classroom }) => ['PUT', `/api/classes/${classroom}/bans/${target.id}`],
  leave_class: ({ classroom }) => ['POST', `/api/classes/${classroom}/leave`],
  set_class: ({ classroom }) => ['PATCH', `/api/classes/${classroom}`, { description: 'other' }],
  archive_class: ({ classroom }, obstacle) => [
    'PATCH',
    `/api/classes/${classroom}`,
    { archived: obstacle !== 'class_archived' },
  ],
  hand_over: ({ classroom }) => ['POST', `/api/classes/${classroom}/head`, { user: target.id }],
  see_audit: ({ classroom }) => ['GET', `/api/classes/${classroom}/audit`],
};

/** And over v2, those that it has. */
const V2: Partial<Record<CommandName, (scene: Scene) => Record<string, unknown>>> = {
  see_class: ({ thread }) => ({ action: 'history', thread }),
  listen: ({ thread }) => ({ action: 'join', thread }),
  mark_read: ({ thread, message }) => ({ action: 'read', thread, message }),
  post: ({ thread }) => ({ action: 'post', thread, content: 'hi', nonce: nonce() }),
  edit_message: ({ message }) => ({ action: 'edit', message, content: 'other', nonce: nonce() }),
  delete_message: ({ message }) => ({ action: 'delete', message, nonce: nonce() }),
  react: ({ message }) => ({ action: 'react', message, emoji: '👍', on: true, nonce: nonce() }),
  pin_message: ({ message }) => ({ action: 'pin', message, on: true, nonce: nonce() }),
};

interface Case {
  readonly role: Role;
  readonly obstacle: Obstacle | undefined;
  readonly isOwn: boolean;
  readonly targetRole: Role;
  readonly threadsBy: 'students' | 'teachers';
}

const CASES: readonly Case[] = ROLES.flatMap((role) => [
  ...[undefined, ...OBSTACLES].map((obstacle) => ({
    role,
    obstacle,
    isOwn: true,
    targetRole: 'student' as const,
    threadsBy: 'students' as const,
  })),
  { role, obstacle: undefined, isOwn: false, targetRole: 'teacher', threadsBy: 'teachers' },
]);

/** What the table says of a case: the name of an error, or that it goes well. */
function said(command: CommandName, { role, obstacle, isOwn, targetRole, threadsBy }: Case): string {
  const rule = RIGHTS[command];
  const right: string = rule[role];
  if (right === 'no') return 'forbidden';
  const isExcepted =
    obstacle === undefined ||
    (rule.though as readonly string[]).includes(obstacle) ||
    (obstacle === 'thread_read_only' && role !== 'student' && role !== 'guest') ||
    (obstacle.startsWith('thread') && !OF_THREADS.has(command));
  if (!isExcepted) return obstacle;
  if (right === 'own' && !isOwn) return 'forbidden';
  // Lists and invitations name a role of their own, which is that of students here.
  const reachesTarget = ['set_role', 'mute_member', 'remove_member', 'ban_member'].includes(command);
  if (right === 'below' && reachesTarget && targetRole === 'teacher') return 'forbidden';
  if (right === 'setting' && threadsBy === 'teachers') return 'forbidden';
  return 'ok';
}

/** Commands that are given in a thread: its state is in the way of no others. */
const OF_THREADS = new Set<CommandName>([
  'see_class',
  'listen',
  'mark_read',
  'post',
  'announce',
  'edit_message',
  'delete_message',
  'react',
  'pin_message',
  'rename_thread',
  'pin_thread',
  'lock_thread',
  'archive_thread',
  'delete_thread',
]);

function sceneOf(each: Case, { isStranger = false } = {}): Scene {
  const role = isStranger ? undefined : each.role;
  return town.make({ ...each, actor, role, target, asking, other });
}

async function overHttp([method, path, body]: Call, headers: Record<string, string>): Promise<string> {
  const response = await request(server.url, path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body && { body }),
  });
  if (response.ok) return 'ok';
  return ((await response.json()) as { error: string }).error;
}

const asActor = (): Record<string, string> => ({ authorization: `Bearer ${actor.token}` });

describe.each(Object.keys(RIGHTS) as CommandName[])('%s', (command) => {
  const http = HTTP[command];
  const overV2 = V2[command];

  test.if(http !== undefined)('over HTTP is what the table says', async () => {
    if (!http) return;
    for (const each of CASES) {
      const answer = await overHttp(http(sceneOf(each), each.obstacle), asActor());
      expect({ ...each, answer }).toEqual({ ...each, answer: said(command, each) });
    }
  });

  test.if(http !== undefined)(
    'is for no stranger, nobody unknown, and no token without its scope',
    async () => {
      const [first] = CASES;
      if (!http || !first) return;
      const strange = await overHttp(http(sceneOf(first, { isStranger: true }), undefined), asActor());
      expect(strange).toMatch(/_not_found$/);
      expect(await overHttp(http(sceneOf(first), undefined), {})).toBe('sign_in_required');
      const byToken = await overHttp(http(sceneOf(first), undefined), { authorization: `Bearer ${token}` });
      expect(byToken).toBe(RIGHTS[command].scope === 'read' ? 'ok' : 'scope_missing');
    },
  );

  test.if(overV2 !== undefined)('over v2 is what the table says', async () => {
    if (!overV2) return;
    for (const each of CASES) {
      const answer = await v2.ask(overV2(sceneOf(each)));
      expect({ ...each, answer: answer.op === 'error' ? answer.error : 'ok' }).toEqual({
        ...each,
        answer: said(command, each),
      });
      const strange = await v2.ask(overV2(sceneOf(each, { isStranger: true })));
      expect(String(strange.error)).toMatch(/_not_found$/);
      if (command === 'listen' && answer.op !== 'error')
        await v2.ask({ action: 'leave', thread: answer.thread as number });
    }
  });
});

test.each(['listen', 'announce'] as const)(
  '%s over the classic door is what the table says',
  async (command) => {
    for (const each of CASES) {
      const { classroom, thread, message } = sceneOf({ ...each, isOwn: true });
      classic.send({
        action: command === 'listen' ? 'join' : 'send',
        thread_id: thread,
        class_id: classroom,
        speaker: actor.id,
        speaker_name: actor.name,
        mes_id: message,
      });
      const { code } = await classic.nextJson();
      const good = command === 'listen' ? 100 : 105;
      const isFine = said(command, { ...each, isOwn: true }) === 'ok';
      expect({ ...each, code }).toEqual({ ...each, code: isFine ? good : 107 });
    }
  },
);

test('what is allowed really happens', async () => {
  const [first] = CASES;
  if (!first) return;
  const scene = sceneOf(first);
  const call = HTTP.set_role?.(scene, undefined);
  if (!call) return;
  expect(town.roleOf(target, scene)).toBe('student');
  expect(await overHttp(call, asActor())).toBe('ok');
  expect(town.roleOf(target, scene)).toBe('guest');
});

test('every command stands at some door', () => {
  const named = new Set([...Object.keys(HTTP), ...Object.keys(V2), 'announce']);
  expect([...named].sort()).toEqual(Object.keys(RIGHTS).sort());
});
