import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { SUBPROTOCOL } from '@pokers/protocol/v2';
import { findRedis } from '../../test/actors/redis-server.ts';
import { CLI } from '../../test/actors/server-process.ts';
import type { ServerChild } from '../children.ts';
import { freePort } from './free-port.ts';
import type { Entrance, Peer, Place, Role, RunningPeer, Target } from './peer.ts';
import { foundedClass, type PokersClass } from './pokers-class.ts';

/** Eight people make all the connections and posts here, which is more than one may elsewhere. */
const UNLIMITED = ['env', 'POKERS_LIMITS=off'];

type PokersTarget = Target & PokersClass;

export const pokersV2: Peer<PokersTarget> = {
  name: 'pokers-v2',
  about: 'pokers serve; members signed in on pokers.v2, every post on disk (fsync) before it is told',
  start: (place) => startPokers(place),
  connect: enterV2,
  post: postOverV2,
};

export const pokersClassic: Peer<PokersTarget> = {
  name: 'pokers-classic',
  about: 'pokers serve --classic open; members are classic clients, posts come over pokers.v2',
  start: (place) => startPokers(place, '--classic', 'open'),
  connect: (target, role, index, thread) =>
    role === 'member' ? enterClassic(target, index, thread) : enterV2(target, role, index),
  post: postOverV2,
};

/** The same server as several processes, or with Redis between them: what each bus adds to a delivery. */
export const pokersProcesses: readonly Peer<PokersTarget>[] = [
  clustered('pokers-workers-2', 2),
  clustered('pokers-workers-4', 4),
  clustered('pokers-redis-1', 1, true),
  clustered('pokers-redis-2', 2, true),
  clustered('pokers-redis-4', 4, true),
];

function clustered(name: string, workers: number, withRedis = false): Peer<PokersTarget> {
  return {
    name,
    about: `pokers serve --workers ${workers}${withRedis ? ' --bus redis://…, Redis counted with it' : ''}, as pokers-v2`,
    missing: () =>
      withRedis && !findRedis() ? 'redis-server is not installed (apt-get install redis-server)' : undefined,
    async start(place) {
      if (!withRedis) return startPokers(place, '--workers', String(workers));
      const redis = await startRedis(place);
      const bus = ['--bus', `redis://127.0.0.1:${redis.port}`];
      const running = await startPokers(place, '--workers', String(workers), ...bus);
      return { ...running, beside: [redis.server] };
    },
    connect: enterV2,
    post: postOverV2,
  };
}

/** It keeps nothing. */
async function startRedis({ launch }: Place): Promise<{ port: number; server: ServerChild }> {
  const port = freePort();
  const command = [
    findRedis() ?? '',
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  return { port, server: await launch(command, /Ready to accept connections/) };
}

/** Every measurement starts from a copy of the same small database. */
async function startPokers(place: Place, ...options: string[]): Promise<RunningPeer<PokersTarget>> {
  const { folder, classroom } = await foundedClass(place);
  const data = join(place.scratch, `pokers-${crypto.randomUUID()}`);
  cpSync(folder, data, { recursive: true });
  const server = await place.launch(
    [
      ...UNLIMITED,
      process.execPath,
      ...place.bunFlags,
      CLI,
      'serve',
      '--port',
      '0',
      '--data',
      data,
      ...options,
    ],
    /running at http:\/\/[^:\s]+:(\d+)[\s\S]*\n\n/,
  );
  return { server, target: { ...classroom, port: Number(server.ready[1]) } };
}

function enterV2({ people, threads }: PokersTarget, role: Role, index: number, thread = 0): Entrance {
  const person = people[index % people.length];
  const join = { say: `{"action":"join","ref":2,"thread":${threads[thread]}}`, until: '"op":"join"' };
  return {
    path: '/wss',
    headers: { authorization: `Bearer ${person?.token}`, 'sec-websocket-protocol': SUBPROTOCOL },
    steps: [
      { say: '{"action":"hello","ref":1}', until: '"op":"hello"' },
      ...(role === 'member' ? [join] : []),
    ],
  };
}

function enterClassic({ people, threads, classId }: PokersTarget, index: number, thread = 0): Entrance {
  const person = people[index % people.length];
  const join = {
    action: 'join',
    thread_id: threads[thread],
    class_id: classId,
    speaker: person?.id,
    speaker_name: person?.name,
  };
  return {
    path: '/wss',
    headers: {},
    steps: [{ until: '"op":"connect"' }, { say: JSON.stringify(join), until: '"op":"join"' }],
  };
}

function postOverV2({ threads }: PokersTarget, content: string, thread = 0): string {
  const nonce = crypto.randomUUID();
  return JSON.stringify({ action: 'post', ref: 3, thread: threads[thread], content, nonce });
}
