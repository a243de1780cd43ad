import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { NewTokenView, OpenSessionView, TokenView } from '@pokers/protocol/accounts';
import type { ThreadView } from '@pokers/protocol/classes';
import type { SessionView } from '@pokers/protocol/http';
import { ask, foundClass, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

/** Latest that an event may still come after a right has ended, in ms. */
const PROMISED_MS = 1_000;
/** Ms Chen says something this often, in ms. */
const TALK_MS = 10;

interface Where {
  readonly server: ServerProcess;
  readonly chen: Person;
  readonly ming: Person;
  readonly thread: ThreadView;
  /** Ming, by what his connections came with: another session of his, or a token. */
  readonly used: Person;
}

/** What ends Ming's right to hear a thread, and what he came with. */
const ENDS: Record<string, { with?: 'token'; end: (where: Where) => Promise<unknown> }> = {
  'he signs out': {
    end: ({ server, used }) => ask(server.url, '/api/sign-out', { as: used, method: 'POST' }),
  },
  'he ends that session from another one': {
    async end({ server, ming }) {
      const path = '/api/me/sessions';
      const { sessions } = await ask<{ sessions: OpenSessionView[] }>(server.url, path, { as: ming });
      const other = sessions.find(({ current }) => !current);
      await ask(server.url, `${path}/${other?.id}`, { as: ming, method: 'DELETE' });
    },
  },
  'he changes his password': {
    end: ({ server, ming }) =>
      ask(server.url, '/api/me/password', {
        as: ming,
        body: { current: ming.password, password: 'another password' },
      }),
  },
  'his account is disabled': {
    end: ({ server, chen, ming }) =>
      ask(server.url, `/api/server/users/${ming.id}/disable`, { as: chen, method: 'POST' }),
  },
  'he takes the token back': {
    with: 'token',
    async end({ server, ming }) {
      const path = '/api/me/tokens';
      const { tokens } = await ask<{ tokens: TokenView[] }>(server.url, path, { as: ming });
      for (const { id } of tokens) await ask(server.url, `${path}/${id}`, { as: ming, method: 'DELETE' });
    },
  },
  'the thread is deleted': {
    end: ({ server, chen, thread }) =>
      ask(server.url, `/api/threads/${thread.id}`, {
        as: chen,
        method: 'DELETE',
        body: { confirm: thread.name },
      }),
  },
};

describe.each([1, 2])('with %i worker(s)', (workers) => {
  const folder = temporaryFolder('ended');
  let server: ServerProcess;
  let chen: Person;
  let count = 0;

  beforeAll(async () => {
    server = await startServerProcess(folder.path, '--workers', String(workers));
    chen = await signUp(server.url, 'Ms Chen');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const comeWith = async (ming: Person, kind: 'token' | undefined): Promise<Person> => {
    if (kind === 'token') {
      const body = { name: 'bot', scopes: ['read'] };
      const { token } = await ask<NewTokenView>(server.url, '/api/me/tokens', { as: ming, body });
      return { ...ming, token };
    }
    const { email, password } = ming;
    const response = await request(server.url, '/api/sign-in', { body: { email, password } });
    const { token } = (await response.json()) as SessionView;
    return { ...ming, token, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  };

  const scene = async (kind: 'token' | undefined) => {
    const ming = await signUp(server.url, `Ming ${++count}`);
    const lily = await signUp(server.url, `Lily ${count}`);
    const { classroom, thread } = await foundClass(server.url, chen, [ming, lily]);
    const used = await comeWith(ming, kind);
    return { classroom, lily, where: { server, chen, ming, thread, used } };
  };

  test.each(Object.keys(ENDS))('when %s, none of his sockets hears more', async (name) => {
    const ended = ENDS[name];
    if (!ended) return;
    const { classroom, lily, where } = await scene(ended.with);
    const { ming, thread, used } = where;
    // Enough of them that they are on every process.
    const his = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => V2Client.open(server.socketUrl, used, { lean: n % 2 === 0 })),
    );
    for (const client of his) await client.get<'join'>({ action: 'join', thread: thread.id });
    const classics = await Promise.all([
      SocketClient.open(server.socketUrl, { token: used.token }),
      ...(ended.with ? [] : [SocketClient.open(server.socketUrl, { headers: { cookie: used.cookie } })]),
    ]);
    for (const classic of classics) {
      const speaker = { speaker: ming.id, speaker_name: ming.name };
      classic.send({ action: 'join', thread_id: thread.id, class_id: classroom.id, ...speaker });
      await classic.until(({ code }) => code === 100);
    }
    const hers = await V2Client.open(server.socketUrl, lily);
    await hers.get<'join'>({ action: 'join', thread: thread.id });

    const posted: Promise<boolean>[] = [];
    const talk = setInterval(() => {
      const body = { content: `said ${posted.length}`, announce: true };
      const path = `/api/threads/${thread.id}/messages`;
      posted.push(request(server.url, path, { as: chen, body }).then(({ ok }) => ok));
    }, TALK_MS);
    const heard = () => [
      ...his.map((client) => client.events().length),
      ...classics.map(({ frames }) => frames.filter((frame) => frame.includes('"content"')).length),
    ];
    try {
      await Promise.all(his.map((client) => client.nextEvent()));
      for (const classic of classics) await classic.until(({ content }) => content !== undefined);
      await ended.end(where);
      await Bun.sleep(PROMISED_MS);
      const before = heard();
      await Bun.sleep(10 * TALK_MS);
      expect(heard()).toEqual(before);
    } finally {
      clearInterval(talk);
    }
    const final = heard();
    const stored = (await Promise.all(posted)).filter((ok) => ok).length;
    if (name !== 'the thread is deleted') {
      // What Lily hears was sent to all who may hear it, and she misses nothing.
      const hersSoFar = () => hers.events().reduce((sum, { e }) => sum + e.length, 0);
      const deadline = Date.now() + 5_000;
      while (hersSoFar() < stored && Date.now() < deadline) await Bun.sleep(5);
      expect(hersSoFar()).toBe(stored);
    }
    expect(heard()).toEqual(final);
    for (const socket of [...his, hers, ...classics]) socket.close();
  });

  test.concurrent.each(Object.keys(ENDS))('when %s, a request that waits is told nothing', async (name) => {
    const ended = ENDS[name];
    if (!ended) return;
    const { where } = await scene(ended.with);
    const { thread, used } = where;
    const { seq } = await postOverHttp(server.url, chen, thread.id, 'before');
    const path = `/api/threads/${thread.id}/messages?after=${seq}&wait=3`;
    const waiting = Array.from({ length: 4 }, () => request(server.url, path, { as: used }));
    await Bun.sleep(200); // they are given time to come; one that comes later is refused just as well
    await ended.end(where);
    await Bun.sleep(PROMISED_MS);
    if (name !== 'the thread is deleted') await postOverHttp(server.url, chen, thread.id, 'a secret');
    for (const response of await Promise.all(waiting)) {
      const { error } = (await response.json()) as { error?: string };
      expect(error).toBe(name === 'the thread is deleted' ? 'thread_not_found' : 'sign_in_required');
    }
  });
});
