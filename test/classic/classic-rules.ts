import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { foundClass, openThread, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';

const CONNECT = '{"op":"connect","status":true}';
const ILLEGAL = '{"op":"send","status":false,"code":104,"msg":"Illegal request"}';
const NO_CLASS = '{"op":"send","status":false,"code":103,"msg":"Class does not exist"}';
const NO_THREAD = '{"op":"send","status":false,"code":102,"msg":"Thread does not exist"}';
const NO_USER = '{"op":"send","status":false,"code":107,"msg":"User does not exist or not in the class"}';
const NO_ACTION = '{"op":"send","status":false,"code":101,"msg":"Illegal request"}';
const SENT = '{"op":"send","status":true,"code":105}';
const NO_MESSAGE = '{"op":"sent","status":false,"code":108,"msg":"Illegal Request"}';

/** Enough sockets that, with two workers, both have some (all on one: 1 in 2,048). */
const MANY = 12;

/** What the classic door promises. @param options of the server, asked for when it starts */
export function classicRules(where: string, options: () => readonly string[]): void {
  describe(`the classic door ${where}, believing its clients`, () => {
    const folder = temporaryFolder('classic');
    let server: ServerProcess;
    let ming: Person;
    let lily: Person;
    let stranger: Person;
    let classroom: ClassView;
    let thread: ThreadView;
    let otherThread: ThreadView;
    let foreign: { classroom: ClassView; thread: ThreadView };

    beforeAll(async () => {
      server = await startServerProcess(folder.path, '--classic', 'open', ...options());
      [ming, lily, stranger] = (await Promise.all([
        signUp(server.url, 'Ming 小明'),
        signUp(server.url, 'Lily'),
        signUp(server.url, 'Stranger'),
      ])) as [Person, Person, Person];
      ({ classroom, thread } = await foundClass(server.url, ming, [lily]));
      otherThread = await openThread(server.url, ming, classroom.id);
      foreign = await foundClass(server.url, stranger, []);
    });
    afterAll(async () => {
      await server.stop();
      folder.remove();
    });

    const connect = async (): Promise<SocketClient> => {
      const client = await SocketClient.open(server.socketUrl);
      expect(await client.next()).toBe(CONNECT);
      return client;
    };
    const mings = (more: object = {}) => ({
      action: 'join',
      thread_id: thread.id,
      class_id: classroom.id,
      speaker: ming.id,
      speaker_name: ming.name,
      ...more,
    });

    test('each check answers with its own frame, in the order of the checks, and the connection stays usable', async () => {
      const client = await connect();
      const answers = async (frame: unknown, answer: string): Promise<void> => {
        client.send(frame);
        expect([frame, await client.next()]).toEqual([frame, answer]);
      };
      for (const field of ['thread_id', 'class_id', 'speaker', 'speaker_name']) {
        for (const empty of [undefined, null, '', 0, '0', false, []]) {
          await answers(mings({ [field]: empty }), ILLEGAL);
          await answers(mings({ [field]: empty, action: 'fly' }), ILLEGAL);
        }
      }
      for (const frame of [
        '',
        'hello',
        '[]',
        '1',
        'null',
        '"{}"',
        '{',
        '[{"action":"join"}]',
        '{"action":"join"}',
      ]) {
        await answers(frame, ILLEGAL);
      }
      await answers(new TextEncoder().encode(JSON.stringify(mings())), ILLEGAL);

      for (const id of [999, '999', 'abc', 1.5, -1, '-1', true, { a: 1 }, [1], '1e3', 1e300, ' ']) {
        await answers(mings({ class_id: id, thread_id: 999, speaker: 999, action: 'fly' }), NO_CLASS);
        await answers(mings({ thread_id: id, speaker: 999, action: 'fly' }), NO_THREAD);
        await answers(mings({ speaker: id, action: 'fly' }), NO_USER);
      }
      await answers(mings({ thread_id: foreign.thread.id, speaker: 999 }), NO_THREAD);
      await answers(mings({ speaker_name: 'Lily' }), NO_USER);
      await answers(mings({ speaker: stranger.id, speaker_name: stranger.name }), NO_USER);
      await answers(mings({ speaker_name: ['Ming 小明'] }), NO_USER);
      for (const action of [undefined, null, '', 'JOIN', 'fly', 0, ['join'], {}]) {
        await answers(mings({ action }), NO_ACTION);
      }
      await answers(mings(), `{"op":"join","thread":${thread.id},"status":true,"code":100}`);
      client.close();
    });

    test('ids may be numeric strings, which a join echoes as they were written, and names ignore letter case', async () => {
      const client = await connect();
      client.send(mings({ thread_id: `${thread.id}`, class_id: `${classroom.id}`, speaker: `${ming.id}` }));
      expect(await client.next()).toBe(`{"op":"join","thread":"${thread.id}","status":true,"code":100}`);
      client.send(mings({ speaker_name: 'mING 小明' }));
      expect(await client.next()).toBe(`{"op":"join","thread":${thread.id},"status":true,"code":100}`);
      client.close();
    });

    test('an announced message goes as its record to everyone in the thread, once, whichever process they are on', async () => {
      const sender = await connect();
      const readers = await Promise.all(Array.from({ length: MANY }, connect));
      const elsewhere = await connect();
      for (const reader of readers) {
        reader.send(mings({ speaker: lily.id, speaker_name: lily.name }));
        reader.send(mings({ speaker: lily.id, speaker_name: lily.name }));
        expect(await reader.next()).toContain('"code":100');
        expect(await reader.next()).toContain('"code":100');
      }
      elsewhere.send(mings({ thread_id: otherThread.id }));
      expect(await elsewhere.next()).toContain('"code":100');

      const stored = await postOverHttp(server.url, ming, thread.id, 'hello "你好" </script> 🎉');
      sender.send(mings({ action: 'send', mes_id: `${stored.id}` }));
      expect(await sender.next()).toBe(SENT);
      const record = JSON.stringify({
        id: stored.id,
        speaker: ming.id,
        speaker_name: ming.name,
        is_super: 1,
        belong_class: classroom.id,
        content: 'hello "你好" </script> 🎉',
        thread: thread.id,
        emoji_1: 0,
        emoji_2: 0,
        emoji_3: 0,
        img_url: null,
        date: stored.date,
        type: 'text',
        file_url: null,
        file_name: null,
        file_size: null,
        log: null,
      });
      for (const reader of readers) expect(await reader.next()).toBe(record);

      // A second message is the barrier: who has it without anything before it got the first one exactly once.
      const lilys = await postOverHttp(server.url, lily, thread.id, 'hi', { announce: true });
      for (const reader of readers) {
        expect(await reader.nextJson()).toMatchObject({ id: lilys.id, is_super: 0, content: 'hi' });
        expect(reader.frames).toHaveLength(5);
      }
      elsewhere.send('{}');
      expect(await elsewhere.next()).toBe(ILLEGAL);
      expect(elsewhere.frames).toHaveLength(3);
      sender.send('{}');
      expect(await sender.next()).toBe(ILLEGAL);
      for (const client of [sender, elsewhere, ...readers]) client.close();
    });

    test('announcing what is not the speaker’s, not of the thread or not there is answered to the sender alone', async () => {
      const reader = await connect();
      reader.send(mings());
      expect(await reader.next()).toContain('"code":100');
      const sender = await connect();
      const [mine, hers, otherwhere, abroad] = await Promise.all([
        postOverHttp(server.url, ming, thread.id, 'mine'),
        postOverHttp(server.url, lily, thread.id, 'hers'),
        postOverHttp(server.url, ming, otherThread.id, 'in another thread'),
        postOverHttp(server.url, stranger, foreign.thread.id, 'in another class'),
      ]);
      for (const mes_id of [
        undefined,
        null,
        '',
        0,
        'x',
        -1,
        1.5,
        99999,
        hers.id,
        otherwhere.id,
        abroad.id,
        [mine.id],
        {},
      ]) {
        sender.send(mings({ action: 'send', mes_id }));
        expect([mes_id, await sender.next()]).toEqual([mes_id, SENT]);
        expect([mes_id, await sender.next()]).toEqual([mes_id, NO_MESSAGE]);
      }
      sender.send(mings({ action: 'send', mes_id: mine.id }));
      expect(await sender.next()).toBe(SENT);
      expect(await reader.nextJson()).toMatchObject({ id: mine.id });
      expect(reader.frames).toHaveLength(3);
      sender.close();
      reader.close();
    });

    test('a connection in several threads hears of each, and the sender too if it joined', async () => {
      const client = await connect();
      client.send(mings());
      client.send(mings({ thread_id: otherThread.id }));
      expect(await client.next()).toContain(`"thread":${thread.id}`);
      expect(await client.next()).toContain(`"thread":${otherThread.id}`);
      for (const where of [thread, otherThread]) {
        const { id } = await postOverHttp(server.url, ming, where.id, `in ${where.id}`);
        client.send(mings({ action: 'send', thread_id: where.id, mes_id: id }));
        expect(await client.next()).toBe(SENT);
        expect(await client.nextJson()).toMatchObject({ id, thread: where.id });
      }
      client.close();
    });

    test('of many at once, each gets the answers to its own frames and no one else’s', async () => {
      const clients = await Promise.all(Array.from({ length: MANY }, connect));
      const failing: [object, string][] = [
        [mings({ class_id: 999 }), NO_CLASS],
        [mings({ thread_id: 999 }), NO_THREAD],
        [mings({ speaker: 999 }), NO_USER],
        [mings({ action: 'fly' }), NO_ACTION],
        [{}, ILLEGAL],
      ];
      const turns = Array.from({ length: 40 }, (_, turn) => turn);
      for (const [index, client] of clients.entries()) {
        for (const turn of turns) client.send(failing[(turn + index) % failing.length]?.[0]);
      }
      for (const [index, client] of clients.entries()) {
        for (const turn of turns)
          expect(await client.next()).toBe(failing[(turn + index) % failing.length]?.[1] ?? '');
        client.close();
      }
    });

    test('a frame over the limit closes its connection with 1009 and harms nobody else', async () => {
      const [big, other] = await Promise.all([connect(), connect()]);
      big.send('x'.repeat(LIMITS.frameBytes + 1));
      expect((await big.closed).code).toBe(1009);
      other.send('x'.repeat(LIMITS.frameBytes));
      expect(await other.next()).toBe(ILLEGAL);
      other.close();
    });
  });
}
