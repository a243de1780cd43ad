import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SCOPES, type Scope } from '@pokers/protocol/accounts';
import {
  type CommandName,
  OBSTACLES,
  type Obstacle,
  RIGHTS,
  ROLES,
  type Role,
} from '@pokers/protocol/rights';
import { COMMANDS } from '@pokers/protocol/v2';
import { httpDoor } from '@pokers/server/doors/http/http-door';
import { ask, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';
import { type Scene, type ScenePeople, Town } from './town.ts';
import { BESIDE_THE_API, EFFECTS, OF_NO_CLASS, WAYS, type Way } from './ways.ts';

/**
 * Every command × every role × what may be in the way × every door: what happens is what the table says. What is allowed
 * has its effect and stands in the audit log; what is refused changes nothing at all.
 */
const folder = temporaryFolder('rights');
let server: ServerProcess;
let town: Town;
let people: ScenePeople;
/** The actor by a token for one thing only. */
const byToken = {} as Record<Scope, { token: string; v2: V2Client; classic: SocketClient }>;
let v2: V2Client;
let classic: SocketClient;
let listener: SocketClient;

beforeAll(async () => {
  server = await startServerProcess(folder.path);
  town = new Town(folder.path);
  const names = ['Ms Chen', 'Ming', 'Lily', 'Omar', 'Eve'];
  const [other, actor, target, asking, banned] = await Promise.all(
    names.map((name) => signUp(server.url, name)),
  );
  if (!other || !actor || !target || !asking || !banned) throw new Error('somebody is missing');
  people = { other, actor, target, asking, banned };
  for (const scope of SCOPES) {
    const body = { name: scope, scopes: [scope] };
    const { token } = await ask<{ token: string }>(server.url, '/api/me/tokens', { as: actor, body });
    byToken[scope] = {
      token,
      v2: await V2Client.open(server.socketUrl, { ...actor, token }),
      classic: await SocketClient.open(server.socketUrl, { token }),
    };
    await byToken[scope].classic.next();
  }
  v2 = await V2Client.open(server.socketUrl, actor);
  classic = await SocketClient.open(server.socketUrl, { token: actor.token });
  listener = await SocketClient.open(server.socketUrl, { token: other.token });
  await classic.next();
  await listener.next();
});
afterAll(async () => {
  for (const each of Object.values(byToken)) {
    each.v2.close();
    each.classic.close();
  }
  v2.close();
  for (const socket of [classic, listener]) socket.close();
  town.close();
  await server.stop();
  folder.remove();
});

const nonce = (): string => crypto.randomUUID();

/** How commands are given over v2: all frames that there are for them. */
const V2: Partial<Record<CommandName, readonly ((scene: Scene) => Record<string, unknown>)[]>> = {
  see_class: [
    ({ thread }) => ({ action: 'history', thread }),
    ({ thread }) => ({ action: 'resume', thread, after: 0 }),
  ],
  see_members: [({ classroom }) => ({ action: 'presence', class: classroom, on: true })],
  listen: [({ thread }) => ({ action: 'join', thread })],
  mark_read: [({ thread, message }) => ({ action: 'read', thread, message })],
  post: [({ thread }) => ({ action: 'post', thread, content: 'hi', nonce: nonce() })],
  mention_all: [({ thread }) => ({ action: 'post', thread, content: 'hi', mentions: [0], nonce: nonce() })],
  star_message: [({ message }) => ({ action: 'star', message, on: true })],
  edit_message: [({ message }) => ({ action: 'edit', message, content: 'other', nonce: nonce() })],
  delete_message: [({ message }) => ({ action: 'delete', message, nonce: nonce() })],
  react: [({ message }) => ({ action: 'react', message, emoji: '👍', on: true, nonce: nonce() })],
  pin_message: [({ message }) => ({ action: 'pin', message, on: true, nonce: nonce() })],
};

/** For frames that are only looked at. */
const NOWHERE: Scene = { classroom: 0, code: '', thread: 0, message: 0, invitation: 0, file: 0, upload: 0 };

interface Case {
  readonly role: Role;
  readonly obstacle: Obstacle | undefined;
  readonly isOwn: boolean;
  readonly targetRole: Role;
  readonly threadsBy: 'students' | 'teachers';
}

const USUAL = { isOwn: true, targetRole: 'student', threadsBy: 'students' } as const;
const CASES: readonly Case[] = ROLES.flatMap((role) => [
  ...[undefined, ...OBSTACLES].map((obstacle) => ({ ...USUAL, role, obstacle })),
  // Nothing is one's own, those one wants to reach are as high as they can be, and only teachers make threads.
  { role, obstacle: undefined, isOwn: false, targetRole: 'teacher', threadsBy: 'teachers' },
]);
const HEAD: Case = { ...USUAL, role: 'head', obstacle: undefined };

/** What the table says of a case: the name of an error, or that it goes well. */
function said(
  command: CommandName,
  { role, obstacle, isOwn, targetRole, threadsBy }: Case,
  reachesTarget = false,
): string {
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
  if (right === 'below' && reachesTarget && targetRole === 'teacher') return 'forbidden';
  if (right === 'setting' && threadsBy === 'teachers') return 'forbidden';
  return 'ok';
}

/** Commands that are given in a thread: its state is in the way of no others. */
const OF_THREADS = new Set(
  (Object.keys(WAYS) as CommandName[]).filter(
    (command) =>
      command === 'announce' || WAYS[command].some(({ route }) => /\/(threads|messages)\/\{id\}/.test(route)),
  ),
);

const sceneOf = (each: Case): Scene => town.make(people, each);
const foreignScene = (each: Case): Scene => town.make(people, { ...each, role: undefined });

/**
 * Does something in a scene, and looks at what it left.
 * @param effect what must be so afterwards where it goes well, and only there
 */
async function act(
  scene: Scene,
  effect: string | undefined,
  give: () => Promise<string>,
): Promise<{ answer: string; isDone: boolean | undefined; isChanged: boolean }> {
  if (effect) expect(town.holds(scene, people, effect)).toBe(false);
  const before = town.stateOf(scene);
  const answer = await give();
  return {
    answer,
    isDone: effect === undefined ? undefined : town.holds(scene, people, effect),
    isChanged: town.stateOf(scene) !== before,
  };
}

/** What `act` must find. */
function expected(answer: string, effect: string | undefined) {
  const isDone = answer === 'ok' && effect !== undefined;
  return { answer, isDone: effect === undefined ? undefined : isDone, isChanged: isDone };
}

async function overHttp(
  way: Way,
  scene: Scene,
  obstacle: Obstacle | undefined,
  token?: string,
): Promise<string> {
  const [method = '', path = ''] = way.route.split(' ');
  const { classroom, thread, message, invitation, file, upload } = scene;
  const ids: Record<string, number> = {
    classes: classroom,
    threads: thread,
    messages: message,
    invitations: invitation,
    files: way.file === 'upload' ? upload : file,
  };
  const id = ids[/(\w+)\/\{id\}/.exec(path)?.[1] ?? ''] ?? 0;
  const user = way.user && people[way.user].id;
  const query = way.query ? `?${way.query(scene)}` : '';
  const body = typeof way.body === 'function' ? way.body(scene, obstacle) : way.body;
  const isHandOver = way.route.endsWith('/head');
  const response = await request(
    server.url,
    path.replace('{id}', String(id)).replace('{user}', String(user)).replace('{name}', 'a.txt') + query,
    {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        ...way.headers,
      },
      ...((body || isHandOver) && { body: isHandOver ? { user } : body }),
    },
  );
  const text = await response.text();
  return response.ok ? 'ok' : (JSON.parse(text) as { error: string }).error;
}

async function overV2(client: V2Client, command: Record<string, unknown>): Promise<string> {
  const answer = await client.ask(command);
  if (answer.op === 'join') await client.ask({ action: 'leave', thread: command.thread as number });
  return answer.op === 'error' ? String(answer.error) : 'ok';
}

const effectOf = ({ effect }: Way, obstacle: Obstacle | undefined): string | undefined =>
  typeof effect === 'function' ? effect(obstacle) : effect;

const LOGGED = `audit x on x.class_id = s.class and x.actor = s.actor and x.address is not null`;

describe.each(Object.keys(RIGHTS) as CommandName[])('%s', (command) => {
  const { scope } = RIGHTS[command];
  const ways = WAYS[command].map((way) => [`${way.route}${way.query ? '?…' : ''}`, way] as const);

  test.each(ways)('%s is what the table says', async (_route, way) => {
    for (const each of CASES) {
      const scene = sceneOf(each);
      const effect = effectOf(way, each.obstacle);
      const isElsewhere = way.only !== undefined && each.obstacle !== way.only;
      const table = said(command, each, way.user === 'target');
      const answer = isElsewhere && table === 'ok' ? 'forbidden' : table;
      const found = await act(scene, effect, () => overHttp(way, scene, each.obstacle, people.actor.token));
      expect({ ...each, ...found }).toEqual({ ...each, ...expected(answer, effect) });
      // A message of somebody else's that is deleted is told of, too.
      const isTold = scope === 'manage' || (command === 'delete_message' && !each.isOwn);
      const isLogged = answer === 'ok' && effect !== undefined && isTold;
      expect({ ...each, isLogged: town.holds(scene, people, LOGGED) }).toEqual({ ...each, isLogged });
    }
  });

  test.each(ways)('%s is for no stranger, nobody unknown, and no token but its own', async (_route, way) => {
    for (const each of CASES) {
      const scene = foreignScene(each);
      const found = await act(scene, undefined, () =>
        overHttp(way, scene, each.obstacle, people.actor.token),
      );
      expect(found).toMatchObject({ answer: expect.stringMatching(/_not_found$/), isChanged: false });
    }
    const head = { ...HEAD, obstacle: way.only };
    const scene = sceneOf(head);
    const unknown = await act(scene, undefined, () => overHttp(way, scene, undefined));
    expect(unknown).toMatchObject({ answer: 'sign_in_required', isChanged: false });
    for (const [name, { token }] of Object.entries(byToken)) {
      const its = sceneOf(head);
      const effect = effectOf(way, undefined);
      const found = await act(its, effect, () => overHttp(way, its, undefined, token));
      const byScope = name === scope ? 'ok' : 'scope_missing';
      const answer = way.isForSessions ? 'session_required' : byScope;
      expect({ name, ...found }).toEqual({ name, ...expected(answer, effect) });
    }
  });

  const commands = V2[command] ?? [];
  test.if(commands.length > 0)('over v2 is what the table says', async () => {
    const effect = (EFFECTS as Partial<Record<CommandName, string>>)[command];
    for (const give of commands) {
      for (const each of CASES) {
        const scene = sceneOf(each);
        const found = await act(scene, effect, () => overV2(v2, give(scene)));
        expect({ ...each, ...found }).toEqual({ ...each, ...expected(said(command, each), effect) });
        const foreign = foreignScene(each);
        const strange = await act(foreign, undefined, () => overV2(v2, give(foreign)));
        expect(strange).toMatchObject({ answer: expect.stringMatching(/_not_found$/), isChanged: false });
      }
      for (const [name, client] of Object.entries(byToken)) {
        const scene = sceneOf(HEAD);
        const found = await act(scene, effect, () => overV2(client.v2, give(scene)));
        const answer = name === scope ? 'ok' : 'scope_missing';
        expect({ name, ...found }).toEqual({ name, ...expected(answer, effect) });
      }
    }
  });
});

test('over v2 nobody who has not signed in does anything', async () => {
  const scene = sceneOf(HEAD);
  const client = await V2Client.connect(server.socketUrl);
  expect(await client.ask({ action: 'hello' })).toMatchObject({ op: 'error', error: 'sign_in_required' });
  for (const give of Object.values(V2).flat()) {
    const lone = await V2Client.connect(server.socketUrl);
    const found = await act(scene, undefined, () => overV2(lone, give(scene)));
    expect(found).toMatchObject({ answer: 'hello_required', isChanged: false });
    lone.close();
  }
  client.close();
});

describe.each(['listen', 'announce'] as const)('%s over the classic door', (command) => {
  const good = command === 'listen' ? 100 : 105;
  const frameOf = ({ classroom, thread, message }: Scene, speaker: Person, action: string) => ({
    action,
    thread_id: thread,
    class_id: classroom,
    speaker: speaker.id,
    speaker_name: speaker.name,
    mes_id: message,
  });
  const answerTo = async (socket: SocketClient, scene: Scene): Promise<unknown> => {
    socket.send(frameOf(scene, people.actor, command === 'listen' ? 'join' : 'send'));
    return (await socket.until(({ code }) => typeof code === 'number' && code !== 102)).code;
  };

  test('is what the table says, and what is allowed is heard', async () => {
    // A message of somebody else's is no obstacle but another error there: see the rules of the classic door.
    for (const each of CASES.map((given) => ({ ...given, isOwn: true }))) {
      const scene = sceneOf(each);
      const isFine = said(command, each) === 'ok';
      const isHeard = isFine && each.obstacle === undefined;
      if (isHeard && command === 'announce') {
        listener.send(frameOf(scene, people.other, 'join'));
        await listener.until(({ code }) => code === 100);
      }
      expect({ ...each, code: await answerTo(classic, scene) }).toEqual({
        ...each,
        code: isFine ? good : 107,
      });
      if (!isHeard) continue;
      const content = `heard in ${scene.thread}`;
      if (command === 'listen') {
        const body = { content, announce: true };
        await ask(server.url, `/api/threads/${scene.thread}/messages`, { as: people.other, body });
      }
      const ear = command === 'listen' ? classic : listener;
      const heard = await ear.until((frame) => frame.content !== undefined);
      expect(heard.content).toBe(command === 'listen' ? content : 'hello');
    }
  });

  test('is for no stranger, nobody unknown, and no token but its own', async () => {
    for (const each of CASES) expect(await answerTo(classic, foreignScene(each))).toBe(107);
    const nobody = await SocketClient.open(server.socketUrl);
    await nobody.next();
    expect(await answerTo(nobody, sceneOf(HEAD))).toBe(107);
    nobody.close();
    for (const scope of SCOPES) {
      const code = await answerTo(byToken[scope].classic, sceneOf(HEAD));
      expect({ scope, code }).toEqual({ scope, code: scope === RIGHTS[command].scope ? good : 107 });
    }
  });
});

test('what makes or enters a class needs the scope to manage, and no other', async () => {
  for (const scope of SCOPES) {
    const { code } = foreignScene(HEAD);
    const invited = foreignScene(HEAD);
    const calls = [
      ['/api/classes', { name: 'New' }],
      ['/api/classes/join', { code }],
      [`/api/offers/token-${invited.classroom}`, {}],
    ] as const;
    for (const [path, body] of calls) {
      const headers = { authorization: `Bearer ${byToken[scope].token}` };
      const { ok } = await request(server.url, path, { headers, body });
      expect({ scope, path, ok }).toEqual({ scope, path, ok: scope === 'manage' });
    }
    expect(town.holds(invited, people, 'members x on x.class_id = s.class and x.user_id = s.actor')).toBe(
      scope === 'manage',
    );
  }
});

test('every route that there is is looked at here or concerns no class, and every command has a door', async () => {
  type Document = { paths: Record<string, Record<string, unknown>> };
  const { paths } = (await (await request(server.url, '/api/openapi.json')).json()) as Document;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const looked = new Set(
    Object.values(WAYS)
      .flat()
      .map(({ route }) => route),
  );
  const ofClasses = routes.filter((route) => !OF_NO_CLASS.some((pattern) => pattern.test(route)));
  expect(ofClasses.filter((route) => !looked.has(route))).toEqual([]);
  expect([...looked].filter((route) => !ofClasses.includes(route))).toEqual([]);
  const homeless = Object.entries(WAYS).filter(([, ways]) => ways.length === 0);
  expect(homeless.map(([command]) => command)).toEqual(['announce']);

  // What answers without standing in the document. Those of all methods look at a request before a route does.
  const documented = new Set(routes.map((route) => route.replace(/\{(\w+)\}/g, ':$1')));
  const others = served().filter((route) => !documented.has(route));
  expect(others.toSorted()).toEqual(BESIDE_THE_API.toSorted());
});

/** All that the HTTP door answers. Its routes are there before anything is asked of what it works with. */
function served(): string[] {
  const nothing: unknown = new Proxy(() => nothing, { get: () => nothing });
  const { routes } = httpDoor(nothing as Parameters<typeof httpDoor>[0]);
  expect(new Set(routes.filter(({ method }) => method === 'ALL').map(({ path }) => path))).toEqual(
    new Set(['/*', '/files/*', '/api/*', '/api/me/*', '/api/server/*']),
  );
  return [
    ...new Set(
      routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`),
    ),
  ];
}

test('who may post may say that they type, and it changes nothing', async () => {
  for (const each of CASES) {
    const scene = sceneOf(each);
    const found = await act(scene, undefined, () => overV2(v2, { action: 'typing', thread: scene.thread }));
    expect({ ...each, ...found }).toEqual({ ...each, ...expected(said('post', each), undefined) });
    const foreign = foreignScene(each);
    const answer = await overV2(v2, { action: 'typing', thread: foreign.thread });
    expect(answer).toBe('thread_not_found');
  }
  for (const [name, client] of Object.entries(byToken)) {
    const answer = await overV2(client.v2, { action: 'typing', thread: sceneOf(HEAD).thread });
    expect({ name, answer }).toEqual({ name, answer: name === 'write' ? 'ok' : 'scope_missing' });
  }
});

test('every frame of v2 is looked at here, or concerns the connection alone', () => {
  const looked = Object.values(V2).flatMap((ways) => ways.map((give) => give(NOWHERE).action));
  looked.push('typing');
  const concernsItself = ['hello', 'ping', 'leave', 'watch'];
  expect([...new Set(looked), ...concernsItself].toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});
