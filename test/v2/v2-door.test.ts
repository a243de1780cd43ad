import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { EVENTS, REPLIES } from '@pokers/protocol/v2';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

for (const workers of [1, 2]) {
  describe(`the v2 door with ${workers} worker(s)`, () => {
    const folder = temporaryFolder('v2');
    let server: ServerProcess;
    let ming: Person;
    let lily: Person;
    let stranger: Person;
    let classroom: ClassView;
    let thread: ThreadView;
    let foreign: ThreadView;

    beforeAll(async () => {
      server = await startServerProcess(folder.path, '--classic', 'open', '--workers', String(workers));
      ming = await signUp(server.url, 'Ming 小明');
      lily = await signUp(server.url, 'Lily');
      stranger = await signUp(server.url, 'Stranger');
      ({ classroom, thread } = await foundClass(server.url, ming, [lily]));
      foreign = (await foundClass(server.url, stranger, [])).thread;
    });
    afterAll(async () => {
      await server.stop();
      folder.remove();
    });

    const open = (person: Person) => V2Client.open(server.socketUrl, person);
    const post = (client: V2Client, content: string, nonce: string = crypto.randomUUID(), to = thread.id) =>
      client.get<'post'>({ action: 'post', thread: to, content, nonce });

    test('every reply and event is as its schema says', async () => {
      const client = await V2Client.connect(server.socketUrl, { token: ming.token });
      expect(client.socket.protocol).toBe('pokers.v2');
      const hello = await client.ask({ action: 'hello' });
      expect(REPLIES.hello.strict().parse(hello)).toMatchObject({ user: ming.id, name: ming.name });
      REPLIES.join.strict().parse(await client.ask({ action: 'join', thread: thread.id }));
      REPLIES.post
        .strict()
        .parse(await client.ask({ action: 'post', thread: thread.id, content: 'x', nonce: 'n1' }));
      REPLIES.history.strict().parse(await client.ask({ action: 'history', thread: thread.id }));
      REPLIES.resume.strict().parse(await client.ask({ action: 'resume', thread: thread.id, after: 0 }));
      REPLIES.leave.strict().parse(await client.ask({ action: 'leave', thread: thread.id }));
      REPLIES.ping.strict().parse(await client.ask({ action: 'ping' }));
      EVENTS.error.strict().parse(await client.ask({ action: 'fly' }));
      for (const event of client.events()) EVENTS.ev.strict().parse(event);
      client.close();
    });

    test('a post is answered, seen once by everyone in the thread, also on the classic door, and by no one else', async () => {
      const there = await openThread(server.url, ming, classroom.id, 'quiet');
      const speaker = await open(ming);
      const readers = await Promise.all(Array.from({ length: 8 }, () => open(lily)));
      const outsider = await open(lily);
      const classics = await Promise.all(
        Array.from({ length: 4 }, () => SocketClient.open(server.socketUrl)),
      );
      await Promise.all(readers.map((reader) => reader.get<'join'>({ action: 'join', thread: there.id })));
      for (const classic of classics) {
        const { id: speaker, name: speaker_name } = lily;
        classic.send({ action: 'join', thread_id: there.id, class_id: classroom.id, speaker, speaker_name });
        await classic.until(({ code }) => code === 100);
      }

      const first = await post(speaker, '第一', undefined, there.id);
      const second = await post(speaker, 'second', undefined, there.id);
      expect([first.seq, second.seq]).toEqual([1, 2]);
      for (const reader of readers) {
        const seen: unknown[] = [];
        while (seen.length < 2) seen.push(...((await reader.nextEvent()).e as unknown[]));
        expect(seen).toEqual([
          [1, first.id, ming.id, first.date, '第一'],
          [2, second.id, ming.id, second.date, 'second'],
        ]);
      }
      for (const classic of classics) {
        expect(await classic.nextJson()).toMatchObject({
          id: first.id,
          content: '第一',
          speaker_name: ming.name,
        });
        expect(await classic.nextJson()).toMatchObject({ id: second.id, content: 'second' });
        expect(classic.frames).toHaveLength(4);
      }
      await outsider.ask({ action: 'ping' });
      expect(outsider.events()).toEqual([]);
      expect(speaker.events()).toEqual([]); // it posted without joining
      for (const client of [speaker, outsider, ...readers]) client.close();
      for (const classic of classics) classic.close();
    });

    test('the same nonce again, also on another connection, answers the same message and is not told again', async () => {
      const there = await openThread(server.url, ming, classroom.id, 'nonces');
      const [one, two, reader] = [await open(ming), await open(ming), await open(lily)];
      await reader.get<'join'>({ action: 'join', thread: there.id });
      const nonce = crypto.randomUUID();
      const answers = await Promise.all(
        [1, 2, 3, 4].map((n) => post(n % 2 ? one : two, 'once', nonce, there.id)),
      );
      expect(new Set(answers.map(({ id, seq }) => `${id}/${seq}`)).size).toBe(1);
      const barrier = await post(one, 'barrier', undefined, there.id);
      expect(barrier.seq).toBe(2);
      await reader.socket.until((frame) => JSON.stringify(frame).includes('barrier'));
      expect(
        reader
          .events()
          .flatMap(({ e }) => e)
          .map(([seq]) => seq),
      ).toEqual([1, 2]);
      for (const client of [one, two, reader]) client.close();
    });

    test('who was away gets what came meanwhile, in pages, and history goes back to the beginning', async () => {
      const there = await openThread(server.url, ming, classroom.id, 'long');
      const client = await open(ming);
      const total = LIMITS.resumePage + 30;
      const sent = await Promise.all(
        Array.from({ length: total }, (_, index) => post(client, `line ${index}`, undefined, there.id)),
      );
      const resumed: number[] = [];
      let after = 10;
      for (let more = true; more; ) {
        const page = await client.get<'resume'>({ action: 'resume', thread: there.id, after });
        resumed.push(...page.changes.map(([seq]) => seq));
        ({ more, seq: after } = page);
      }
      expect(resumed).toEqual(sent.slice(10).map(({ seq }) => seq));
      expect(after).toBe(total);

      const read: string[] = [];
      let before: number | undefined;
      for (let more = true; more; ) {
        const page = await client.get<'history'>({
          action: 'history',
          thread: there.id,
          limit: 100,
          ...(before && { before }),
        });
        read.unshift(...page.messages.map(([, , , , content]) => String(content)));
        before = page.messages[0]?.[1];
        more = page.more;
        expect(page.names).toEqual({ [ming.id]: ming.name });
      }
      expect(read).toEqual(Array.from({ length: total }, (_, index) => `line ${index}`));
      client.close();
    });

    test('everyone sees one order, however many speak at once', async () => {
      const there = await openThread(server.url, ming, classroom.id, 'busy');
      const speakers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => open(index % 2 ? ming : lily)),
      );
      for (const speaker of speakers) await speaker.get<'join'>({ action: 'join', thread: there.id });
      const each = 20;
      await Promise.all(
        speakers.map(async (speaker, index) => {
          for (let n = 0; n < each; n++) await post(speaker, `${index}/${n}`, undefined, there.id);
        }),
      );
      const total = speakers.length * each;
      const { changes } = await (speakers[0] as V2Client).get<'resume'>({
        action: 'resume',
        thread: there.id,
        after: 0,
      });
      expect(changes.map(([seq]) => seq)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
      for (const speaker of speakers) {
        while (speaker.events().flatMap(({ e }) => e).length < total) await Bun.sleep(5);
        expect(speaker.events().flatMap(({ e }) => e)).toEqual(changes as unknown as unknown[][]);
        speaker.close();
      }
    });

    test('a malformed or refused command is answered with its code and ref, and the connection goes on', async () => {
      const client = await open(ming);
      const cases: [object, string][] = [
        [{ action: 'fly' }, 'unknown_action'],
        [{ action: 'constructor' }, 'unknown_action'],
        [{}, 'unknown_action'],
        [{ action: 'join' }, 'bad_request'],
        [{ action: 'join', thread: '1' }, 'bad_request'],
        [{ action: 'join', thread: thread.id, more: 1 }, 'bad_request'],
        [{ action: 'join', thread: 999 }, 'thread_not_found'],
        [{ action: 'join', thread: foreign.id }, 'thread_not_found'],
        [{ action: 'history', thread: foreign.id }, 'thread_not_found'],
        [{ action: 'resume', thread: foreign.id, after: 0 }, 'thread_not_found'],
        [{ action: 'post', thread: foreign.id, content: 'x', nonce: 'x' }, 'thread_not_found'],
        [{ action: 'post', thread: thread.id, content: 'x' }, 'bad_request'],
        [{ action: 'post', thread: thread.id, content: ' \n', nonce: 'x' }, 'bad_request'],
        [
          { action: 'post', thread: thread.id, content: '字'.repeat(LIMITS.contentChars + 1), nonce: 'x' },
          'too_long',
        ],
        [{ action: 'history', thread: thread.id, limit: 1e6 }, 'bad_request'],
        [{ action: 'resume', thread: thread.id, after: -1 }, 'bad_request'],
      ];
      for (const [command, error] of cases) {
        const answer = await client.ask({ ...command });
        expect([command, answer.op, answer.error]).toEqual([command, 'error', error]);
      }
      for (const frame of ['', 'x', '[]', 'null', '1', '['.repeat(30_000), new Uint8Array([1, 2, 3])]) {
        const count = client.socket.frames.length;
        client.socket.send(frame);
        expect(JSON.parse(await client.socket.at(count))).toMatchObject({ op: 'error', code: 104 });
      }
      expect(await post(client, '🎉'.repeat(LIMITS.contentChars))).toMatchObject({ op: 'post' });
      client.close();
    });

    test('who has no session is told to sign in and sent away; before hello nothing else is heard', async () => {
      const nobody = await V2Client.connect(server.socketUrl);
      expect(await nobody.ask({ action: 'ping' })).toMatchObject({ op: 'ping' });
      expect(await nobody.ask({ action: 'join', thread: thread.id })).toMatchObject({
        error: 'hello_required',
      });
      expect(await nobody.ask({ action: 'hello' })).toMatchObject({ error: 'sign_in_required' });
      expect((await nobody.socket.closed).code).toBe(4101);

      const forger = await V2Client.connect(server.socketUrl);
      expect(await forger.ask({ action: 'hello', token: `${ming.token.slice(0, -3)}AA=` })).toMatchObject({
        code: 109,
      });

      const late = await V2Client.connect(server.socketUrl);
      expect(await late.get<'hello'>({ action: 'hello', token: lily.token })).toMatchObject({
        user: lily.id,
      });
      late.close();
    });

    test('signing out ends what the session had open, on every process, and nothing of another session', async () => {
      const { email, password } = lily;
      const { token } = await ask<{ token: string }>(server.url, '/api/sign-in', {
        body: { email, password },
      });
      const session = { ...lily, token };
      const ended = await Promise.all(Array.from({ length: 8 }, () => open(session)));
      const other = await open(lily);
      for (const client of [...ended, other]) await client.get<'join'>({ action: 'join', thread: thread.id });
      await request(server.url, '/api/sign-out', { as: session, method: 'POST' });
      for (const client of ended) expect((await client.socket.closed).code).toBe(4101);
      const { id } = await post(other, 'still here');
      expect(JSON.stringify(await other.nextEvent())).toContain(String(id));
      expect(ended.flatMap((client) => client.events())).toEqual([]);
      other.close();
    });

    test('who leaves a thread hears no more of it', async () => {
      const [reader, speaker] = [await open(lily), await open(ming)];
      await reader.get<'join'>({ action: 'join', thread: thread.id });
      await reader.get<'leave'>({ action: 'leave', thread: thread.id });
      await reader.get<'leave'>({ action: 'leave', thread: thread.id });
      const stays = await open(lily);
      await stays.get<'join'>({ action: 'join', thread: thread.id });
      await post(speaker, 'after');
      await stays.nextEvent();
      await reader.ask({ action: 'ping' });
      expect(reader.events()).toEqual([]);
      for (const client of [reader, speaker, stays]) client.close();
    });

    test('a message stored over HTTP is seen at once by v2 clients', async () => {
      const reader = await open(lily);
      const { seq } = await reader.get<'join'>({ action: 'join', thread: thread.id });
      const stored = await postOverHttp(server.url, ming, thread.id, 'over HTTP');
      expect(await reader.nextEvent()).toEqual({
        op: 'ev',
        t: thread.id,
        e: [[seq + 1, stored.id, ming.id, stored.date, 'over HTTP']],
      });
      reader.close();
    });

    test('a page of another site, an unknown subprotocol and a closed line get no socket', async () => {
      const refused = async (headers: Record<string, string>) => {
        const response = await fetch(`${server.url}/ws`, {
          headers: {
            upgrade: 'websocket',
            connection: 'upgrade',
            'sec-websocket-version': '13',
            'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
            ...headers,
          },
        });
        return [response.status, ((await response.json()) as { error: string }).error];
      };
      const v2 = { 'sec-websocket-protocol': 'pokers.v2', cookie: ming.cookie };
      for (const origin of [
        'https://evil.example',
        'null',
        `http://localhost.evil.example:${server.port}`,
        'http://localhost:1',
      ]) {
        expect(await refused({ ...v2, origin })).toEqual([403, 'origin_denied']);
      }
      expect(await refused({ 'sec-websocket-protocol': 'other' })).toEqual([400, 'bad_request']);
      const own = await SocketClient.open(server.socketUrl, {
        protocols: ['pokers.v2'],
        headers: { cookie: ming.cookie },
        origin: `http://localhost:${server.port}`,
      });
      own.send({ action: 'hello' });
      expect(await own.nextJson()).toMatchObject({ op: 'hello', user: ming.id });
      own.close();
    });
  });
}
