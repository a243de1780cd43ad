import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { MessageView } from '@pokers/protocol/http';
import { REPLIES } from '@pokers/protocol/v2';
import { ask, foundClass, openThread, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

for (const workers of [1, 2]) {
  describe(`changes of messages with ${workers} worker(s)`, () => {
    const folder = temporaryFolder('changes');
    let server: ServerProcess;
    let chen: Person;
    let ming: Person;
    let lily: Person;
    let stranger: Person;
    let classroom: ClassView;

    beforeAll(async () => {
      server = await startServerProcess(folder.path, '--classic', 'open', '--workers', String(workers));
      chen = await signUp(server.url, 'Ms Chen');
      ming = await signUp(server.url, 'Ming 小明');
      lily = await signUp(server.url, 'Lily');
      stranger = await signUp(server.url, 'Stranger');
      ({ classroom } = await foundClass(server.url, chen, [ming, lily]));
    });
    afterAll(async () => {
      await server.stop();
      folder.remove();
    });

    /** A thread of its own with one message of Ming's, everyone in it. */
    const scene = async () => {
      const thread = await openThread(server.url, chen, classroom.id);
      const [teacher, speaker, reader] = await Promise.all(
        [chen, ming, lily].map((who) => V2Client.open(server.socketUrl, who)),
      );
      const all = [teacher, speaker, reader] as [V2Client, V2Client, V2Client];
      for (const client of all) await client.get<'join'>({ action: 'join', thread: thread.id });
      const { id } = await all[1].get<'post'>({
        action: 'post',
        thread: thread.id,
        content: 'helo',
        nonce: nonce(),
      });
      return {
        thread,
        id,
        teacher: all[0],
        speaker: all[1],
        reader: all[2],
        end: () => {
          for (const client of all) client.close();
        },
      };
    };

    test('edits, reactions, pins and the deletion of a message reach everyone in the thread, each as one change', async () => {
      const { thread, id, teacher, speaker, reader, end } = await scene();
      const edit = await speaker.ask({ action: 'edit', message: id, content: 'hello', nonce: nonce() });
      expect(REPLIES.edit.strict().parse(edit)).toMatchObject({ id, seq: 2 });
      await reader.get<'react'>({ action: 'react', message: id, emoji: '👍🏽', on: true, nonce: nonce() });
      await teacher.get<'react'>({ action: 'react', message: id, emoji: '👍🏽', on: true, nonce: nonce() });
      await teacher.get<'pin'>({ action: 'pin', message: id, on: true, nonce: nonce() });
      await reader.get<'react'>({ action: 'react', message: id, emoji: '👍🏽', on: false, nonce: nonce() });
      await teacher.get<'delete'>({ action: 'delete', message: id, nonce: nonce() });

      const changes = await eventsUntil(reader, 7);
      expect(changes.map(([seq, message]) => [seq, message])).toEqual(
        [1, 2, 3, 4, 5, 6, 7].map((seq) => [seq, id]),
      );
      const contents = changes.map(([, , , , content]) => content);
      expect(contents).toEqual(['helo', ...Array(5).fill('hello'), 0]);
      const extras = changes.map(
        (change) => change[5] as { ed?: number; re?: unknown; pin?: number } | undefined,
      );
      expect(extras[0]).toBeUndefined();
      expect(extras[1]?.ed).toBeGreaterThan(0);
      expect(extras[3]?.re).toEqual([['👍🏽', 2, [lily.id, chen.id]]]);
      expect(extras[4]?.pin).toBeGreaterThan(0);
      expect(extras[5]?.re).toEqual([['👍🏽', 1, [chen.id]]]);
      expect(extras[6]).toBeUndefined();
      const { changes: since } = await reader.get<'resume'>({
        action: 'resume',
        thread: thread.id,
        after: 0,
      });
      expect(since).toEqual([changes[6]] as never);
      end();
    });

    test('classic connections hear of none of it, and an edited message is announced as it stands', async () => {
      const { thread, id, speaker, end } = await scene();
      const classic = await SocketClient.open(server.socketUrl);
      const mings = {
        thread_id: thread.id,
        class_id: classroom.id,
        speaker: ming.id,
        speaker_name: ming.name,
      };
      classic.send({ action: 'join', ...mings });
      await classic.until(({ code }) => code === 100);
      await speaker.get<'edit'>({ action: 'edit', message: id, content: 'hello', nonce: nonce() });
      await speaker.get<'react'>({ action: 'react', message: id, emoji: '🎉', on: true, nonce: nonce() });
      classic.send({ action: 'send', ...mings, mes_id: id });
      expect(await classic.nextJson()).toMatchObject({ code: 105 });
      expect(await classic.nextJson()).toMatchObject({ id, content: 'hello', log: null });
      await speaker.get<'delete'>({ action: 'delete', message: id, nonce: nonce() });
      classic.send({ action: 'send', ...mings, mes_id: id });
      expect(await classic.nextJson()).toMatchObject({ code: 105 });
      expect(await classic.nextJson()).toMatchObject({ code: 108 });
      expect(classic.frames).toHaveLength(6);
      classic.close();
      end();
    });

    test('who may not is refused, and nothing happens', async () => {
      const { thread, id, speaker, reader, end } = await scene();
      const outsider = await V2Client.open(server.socketUrl, stranger);
      const refused = async (client: V2Client, command: object) =>
        (await client.ask({ message: id, nonce: nonce(), ...command }))['error'];
      expect(await refused(reader, { action: 'edit', content: 'hers now' })).toBe('forbidden');
      expect(await refused(reader, { action: 'delete' })).toBe('forbidden');
      expect(await refused(reader, { action: 'pin', on: true })).toBe('forbidden');
      for (const command of [
        { action: 'edit', content: 'x' },
        { action: 'delete' },
        { action: 'pin', on: true },
        { action: 'react', emoji: '👍', on: true },
      ]) {
        expect(await refused(outsider, command)).toBe('message_not_found');
        expect(await refused(speaker, { ...command, message: 99_999 })).toBe('message_not_found');
      }
      for (const emoji of ['', 'a', '1', 'ok', '👍👍', ' 👍', '👍'.repeat(40)]) {
        expect([emoji, await refused(speaker, { action: 'react', emoji, on: true })]).toEqual([
          emoji,
          'bad_request',
        ]);
      }
      expect(await refused(speaker, { action: 'edit', content: ' ' })).toBe('bad_request');
      expect((await speaker.get<'history'>({ action: 'history', thread: thread.id })).seq).toBe(1);
      outsider.close();
      end();
    });

    test('a change that is sent again takes effect once, also when something else happened in between', async () => {
      const { thread, id, speaker, reader, end } = await scene();
      const on = { action: 'react', message: id, emoji: '❤️', on: true, nonce: nonce() };
      const off = { ...on, on: false, nonce: nonce() };
      await reader.ask(on);
      await reader.ask(off);
      const elsewhere = await V2Client.open(server.socketUrl, lily);
      expect(await elsewhere.ask(on)).toMatchObject({ op: 'react', seq: 3 });
      const first = { action: 'edit', message: id, content: 'first', nonce: nonce() };
      await speaker.ask(first);
      await speaker.ask({ ...first, content: 'second', nonce: nonce() });
      expect(await speaker.ask(first)).toMatchObject({ seq: 5 });
      const { messages } = await reader.get<'history'>({
        action: 'history',
        thread: thread.id,
      });
      expect(messages.map(([seq, , , , content]) => [seq, content])).toEqual([[5, 'second']]);
      elsewhere.close();
      end();
    });

    test('what one has read is told by any door, kept, and never goes back', async () => {
      const { thread, id, speaker, reader, end } = await scene();
      const later = await speaker.get<'post'>({
        action: 'post',
        thread: thread.id,
        content: 'two',
        nonce: nonce(),
      });
      const unread = async () =>
        (await ask<ThreadView>(server.url, `/api/threads/${thread.id}`, { as: lily })).unread;
      expect(await unread()).toBe(2);
      expect(await reader.get<'read'>({ action: 'read', thread: thread.id, message: id })).toMatchObject({
        unread: 1,
      });
      await ask(server.url, `/api/threads/${thread.id}/read`, { as: lily, body: { message: later.id } });
      expect(await reader.get<'read'>({ action: 'read', thread: thread.id, message: id })).toMatchObject({
        unread: 0,
      });
      expect(await unread()).toBe(0);
      const other = await openThread(server.url, chen, classroom.id);
      expect(await reader.ask({ action: 'read', thread: other.id, message: id })).toMatchObject({
        error: 'message_not_found',
      });
      end();
    });

    test('over HTTP all of it can be done as well', async () => {
      const { thread, id, end } = await scene();
      const at = `/api/messages/${id}`;
      const edited = await ask<MessageView>(server.url, at, {
        as: ming,
        method: 'PATCH',
        body: { content: '你好' },
      });
      expect(edited).toMatchObject({ id, seq: 2, content: '你好', thread: thread.id });
      const body = { emoji: '🇨🇳', on: true };
      const reacted = await ask<MessageView>(server.url, `${at}/reactions`, { as: lily, body });
      expect(reacted.reactions).toEqual([{ emoji: '🇨🇳', count: 1, users: [lily.id] }]);
      const who = { as: chen };
      expect(await ask<unknown>(server.url, `${at}/reactions`, who)).toEqual({
        reactions: [{ emoji: '🇨🇳', count: 1, users: [{ id: lily.id, name: 'Lily' }] }],
      });
      expect((await request(server.url, `${at}/reactions`, { as: stranger })).status).toBe(404);
      expect(await ask(server.url, `${at}/pin`, { as: chen, body: { on: true } })).toHaveProperty('pinned');
      expect((await request(server.url, at, { as: lily, method: 'DELETE' })).status).toBe(403);
      const gone = await ask<MessageView>(server.url, at, { as: ming, method: 'DELETE' });
      expect(gone).toMatchObject({ id, seq: 5 });
      expect(gone).toHaveProperty('deleted');
      expect(gone).not.toHaveProperty('content');
      expect(
        (await request(server.url, at, { as: ming, method: 'PATCH', body: { content: 'x' } })).status,
      ).toBe(404);
      end();
    });
  });
}

function nonce(): string {
  return crypto.randomUUID();
}

/** All changes that the client has been told of, once there are so many. */
async function eventsUntil(client: V2Client, count: number): Promise<unknown[][]> {
  const changes: unknown[][] = [];
  while (changes.length < count) changes.push(...((await client.nextEvent())['e'] as unknown[][]));
  return changes;
}
