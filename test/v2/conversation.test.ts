import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type {
  MessagesView,
  MessageView,
  PinsView,
  ReadersView,
  StarsView,
  UnreadView,
} from '@pokers/protocol/http';
import { REPLIES } from '@pokers/protocol/v2';
import { ask, foundClass, openThread, type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

const nonce = (): string => crypto.randomUUID();

for (const workers of [1, 2]) {
  describe(`a conversation with ${workers} worker(s)`, () => {
    const folder = temporaryFolder('conversation');
    let server: ServerProcess;
    let chen: Person;
    let ming: Person;
    let lily: Person;
    let stranger: Person;
    let classroom: ClassView;
    let thread: ThreadView;
    const open: V2Client[] = [];

    const enter = async (who: Person): Promise<V2Client> => {
      const client = await V2Client.open(server.socketUrl, who);
      open.push(client);
      return client;
    };
    const join = async (who: Person): Promise<V2Client> => {
      const client = await enter(who);
      await client.get<'join'>({ action: 'join', thread: thread.id });
      return client;
    };
    const post = async (
      client: V2Client,
      content: string,
      more: { reply?: number; mentions?: number[] } = {},
    ) => client.get<'post'>({ action: 'post', thread: thread.id, content, nonce: nonce(), ...more });
    /** Frames of one kind that a client got, once there are so many. */
    const frames = async (
      client: V2Client,
      op: string,
      count: number,
    ): Promise<Record<string, unknown>[]> => {
      for (;;) {
        const found = client.socket.frames.map((text) => JSON.parse(text)).filter((frame) => frame.op === op);
        if (found.length >= count) return found;
        await client.socket.at(client.socket.frames.length);
      }
    };

    beforeAll(async () => {
      server = await startServerProcess(folder.path, '--workers', String(workers));
      chen = await signUp(server.url, 'Ms Chen');
      ming = await signUp(server.url, 'Ming 小明');
      lily = await signUp(server.url, 'Lily');
      stranger = await signUp(server.url, 'Stranger');
      ({ classroom } = await foundClass(server.url, chen, [ming, lily]));
    });
    afterAll(async () => {
      for (const client of open) client.close();
      await server.stop();
      folder.remove();
    });

    test('an answer and those whom it mentions reach everyone, and are counted until they are read', async () => {
      thread = await openThread(server.url, chen, classroom.id);
      const [teacher, speaker, reader] = [await join(chen), await join(ming), await join(lily)];
      const { id: asked } = await post(speaker, 'When is the test?');
      const mentions = [ming.id, stranger.id, ming.id];
      const { id: answered } = await post(teacher, '@Ming at four', { reply: asked, mentions });
      const { id: all } = await post(teacher, 'Everyone: at five', { mentions: [0] });
      for (const client of [speaker, reader]) {
        const changes = [];
        for (let count = 0; count < 3; ) {
          const { e } = (await client.nextEvent()) as { e: unknown[][] };
          changes.push(...e);
          count = changes.length;
        }
        expect(changes[1]?.slice(4)).toEqual(['@Ming at four', { to: asked, at: [ming.id] }]);
        expect(changes[2]?.slice(4)).toEqual(['Everyone: at five', { at: [0] }]);
      }
      const unread = (as: Person) => ask<UnreadView>(server.url, '/api/unread', { as });
      expect((await unread(ming)).threads).toEqual([
        { class: classroom.id, thread: thread.id, messages: 3, unread: 2, mentions: 2 },
      ]);
      expect((await unread(chen)).threads).toEqual([]);
      expect((await unread(stranger)).threads).toEqual([]);
      const view = (as: Person) => ask<ThreadView>(server.url, `/api/threads/${thread.id}`, { as });
      expect(await view(ming)).toMatchObject({ unread: 2, mentions: 2, read: asked });
      expect(await view(lily)).toMatchObject({ unread: 3, mentions: 1 });
      const read = { action: 'read', thread: thread.id, message: answered } as const;
      const reply = REPLIES.read.parse(await speaker.ask(read));
      expect(reply).toMatchObject({ unread: 1, mentions: 1 });
      await reader.get<'read'>({ action: 'read', thread: thread.id, message: all });
      expect(await view(lily)).toMatchObject({ unread: 0, mentions: 0, read: all });

      const { messages } = await ask<MessagesView>(server.url, `/api/threads/${thread.id}/messages`, {
        as: lily,
      });
      expect(messages.map(({ reply, mentions }) => ({ reply, mentions }))).toEqual([
        { reply: undefined, mentions: undefined },
        { reply: asked, mentions: [ming.id] },
        { reply: undefined, mentions: [0] },
      ]);
    });

    test('a student mentions no class, and nobody answers what is said elsewhere', async () => {
      const other = await openThread(server.url, chen, classroom.id);
      const speaker = await join(ming);
      const said = await ask<MessageView>(server.url, `/api/threads/${other.id}/messages`, {
        as: chen,
        body: { content: 'elsewhere' },
      });
      const refused = (more: object) =>
        speaker.ask({ action: 'post', thread: thread.id, content: 'hi', nonce: nonce(), ...more });
      expect(await refused({ mentions: [0] })).toMatchObject({ error: 'forbidden' });
      expect(await refused({ reply: said.id })).toMatchObject({ error: 'message_not_found' });
      expect(await refused({ mentions: Array.from({ length: 21 }, (_, id) => id + 1) })).toMatchObject({
        error: 'bad_request',
      });
      const mine = await post(speaker, 'hi @Lily', { mentions: [lily.id] });
      const edit = { action: 'edit', message: mine.id, nonce: nonce() } as const;
      expect(await speaker.ask({ ...edit, content: 'hi', mentions: [0] })).toMatchObject({
        error: 'forbidden',
      });
      await speaker.get<'edit'>({ ...edit, content: 'hi', mentions: [], nonce: nonce() });
      const path = `/api/messages/${mine.id}`;
      const one = await ask<MessageView>(server.url, path, { as: lily });
      expect(one).toMatchObject({ content: 'hi', class: classroom.id });
      expect(one.mentions).toBeUndefined();
      expect((await request(server.url, path, { as: stranger })).status).toBe(404);
    });

    test('what she reads and stars on her phone is so on her desk, and nowhere else', async () => {
      const [phone, desk, other] = [await join(lily), await enter(lily), await enter(ming)];
      const speaker = await join(ming);
      const { id } = await post(speaker, 'read me');
      await phone.get<'read'>({ action: 'read', thread: thread.id, message: id });
      await phone.get<'star'>({ action: 'star', message: id, on: true });
      expect(await frames(desk, 'seen', 1)).toEqual([
        { op: 'seen', thread: thread.id, message: id, unread: 0, mentions: 0 },
      ]);
      expect(await frames(desk, 'starred', 1)).toEqual([{ op: 'starred', message: id, on: true }]);
      await ask(server.url, `/api/messages/${id}/star`, { as: lily, method: 'DELETE' });
      expect((await frames(desk, 'starred', 2)).at(-1)).toMatchObject({ on: false });
      // What her phone did was not told to it again, and Ming hears nothing of it.
      expect(await frames(phone, 'starred', 1)).toEqual([{ op: 'starred', message: id, on: false }]);
      const told = (client: V2Client, op: string) =>
        client.socket.frames.filter(
          (text) => text.includes(`"op":"${op}"`) && text.includes(`"message":${id},`),
        );
      expect(told(phone, 'seen')).toEqual([]);
      expect([...told(other, 'seen'), ...told(other, 'starred')]).toEqual([]);
    });

    test('her stars are hers: the newest first, without what was deleted', async () => {
      const [speaker, reader] = [await join(ming), await join(lily)];
      const [one, two] = [await post(speaker, 'one'), await post(speaker, 'two')];
      for (const { id } of [one, two, one])
        await reader.get<'star'>({ action: 'star', message: id, on: true });
      const stars = (as: Person) => ask<StarsView>(server.url, '/api/stars', { as });
      const seen = async () => (await stars(lily)).stars.map(({ message }) => message.content);
      expect(await seen()).toEqual(['two', 'one']);
      expect((await stars(ming)).stars).toEqual([]);
      await speaker.get<'delete'>({ action: 'delete', message: two.id, nonce: nonce() });
      expect(await seen()).toEqual(['one']);
      expect(await reader.ask({ action: 'star', message: two.id, on: true })).toMatchObject({
        error: 'message_not_found',
      });
      const page = await ask<StarsView>(server.url, `/api/stars?before=${(await stars(lily)).stars[0]?.id}`, {
        as: lily,
      });
      expect(page).toEqual({ stars: [], more: false });
    });

    test('a page is found around a message and at a time, and goes on in both directions', async () => {
      const speaker = await join(ming);
      const long = await openThread(server.url, chen, classroom.id);
      const ids: number[] = [];
      for (let number = 0; number < 30; number++) {
        const body = { content: `message ${number}` };
        ids.push(
          (await ask<MessageView>(server.url, `/api/threads/${long.id}/messages`, { as: ming, body })).id,
        );
      }
      const page = async (query: object) => {
        const { messages, more, newer } = await speaker.get<'history'>({
          action: 'history',
          thread: long.id,
          limit: 10,
          ...query,
        });
        return { ids: messages.map((change) => change[1]), more, newer: newer ?? false };
      };
      expect(await page({ around: ids[12] })).toEqual({ ids: ids.slice(7, 17), more: true, newer: true });
      expect(await page({ from: ids[17] })).toEqual({ ids: ids.slice(17, 27), more: true, newer: true });
      expect(await page({ from: ids[27] })).toEqual({ ids: ids.slice(27), more: true, newer: false });
      expect(await page({ before: ids[7] })).toEqual({ ids: ids.slice(0, 7), more: false, newer: false });
      expect(await page({ around: ids[1] })).toEqual({ ids: ids.slice(0, 6), more: false, newer: true });
      expect(await page({ date: 0 })).toMatchObject({ ids: ids.slice(0, 5), newer: true });
      expect(await page({ date: 4_000_000_000 })).toEqual({ ids: ids.slice(20), more: true, newer: false });
      const both = { action: 'history', thread: long.id, before: ids[3], around: ids[5] };
      expect(await speaker.ask(both)).toMatchObject({ error: 'bad_request' });
      const foreign = { action: 'history', thread: thread.id, around: ids[5] };
      expect(await speaker.ask(foreign)).toMatchObject({ error: 'message_not_found' });
      const path = `/api/threads/${long.id}/messages?around=${ids[12]}&limit=4`;
      const over = await ask<MessagesView>(server.url, path, { as: lily });
      expect(over.messages.map(({ id }) => id)).toEqual(ids.slice(10, 14));
      expect(over).toMatchObject({ more: true, newer: true });
    });

    test('who has read an announcement is for those who made it; pins are for all', async () => {
      const news = await openThread(server.url, chen, classroom.id);
      const path = `/api/threads/${news.id}`;
      const { id } = await ask<MessageView>(server.url, `${path}/messages`, {
        as: chen,
        body: { content: 'No school tomorrow' },
      });
      const readers = (as: Person) => request(server.url, `/api/messages/${id}/readers`, { as });
      expect((await readers(chen)).status).toBe(403);
      await ask(server.url, path, { as: chen, method: 'PATCH', body: { read_only: true } });
      expect(await (await readers(chen)).json()).toEqual({ readers: [], more: false, count: 0, members: 2 });
      await ask(server.url, `${path}/read`, { as: lily, body: { message: id } });
      const seen = (await (await readers(chen)).json()) as ReadersView;
      expect(seen).toEqual({ readers: [{ id: lily.id, name: 'Lily' }], more: false, count: 1, members: 2 });
      expect((await readers(lily)).status).toBe(403);
      expect((await readers(stranger)).status).toBe(404);

      const pins = () => ask<PinsView>(server.url, `${path}/pins`, { as: lily });
      expect(await pins()).toEqual({ messages: [] });
      await ask(server.url, `/api/messages/${id}/pin`, { as: chen, body: { on: true } });
      expect((await pins()).messages).toMatchObject([{ id, content: 'No school tomorrow' }]);
    });
  });
}
