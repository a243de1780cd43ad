import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, PresenceView, ThreadView } from '@pokers/protocol/classes';
import { EVENTS, REPLIES } from '@pokers/protocol/v2';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

type Posted = [classroom: number, thread: number, messages: number, mentions: number];

for (const workers of [1, 2]) {
  describe(`news, typing and presence with ${workers} worker(s)`, () => {
    const folder = temporaryFolder('asides');
    let server: ServerProcess;
    let ming: Person;
    let lily: Person;
    let omar: Person;
    let classroom: ClassView;
    let thread: ThreadView;
    let other: ThreadView;

    beforeAll(async () => {
      server = await startServerProcess(folder.path, '--workers', String(workers));
      ming = await signUp(server.url, 'Ming 小明');
      lily = await signUp(server.url, 'Lily');
      omar = await signUp(server.url, 'Omar');
      ({ classroom, thread } = await foundClass(server.url, ming, [lily, omar]));
      other = await openThread(server.url, ming, classroom.id, 'Another');
    });
    afterAll(async () => {
      await server.stop();
      folder.remove();
    });

    const open = (person: Person) => V2Client.open(server.socketUrl, person);
    const post = (content: string, to = thread, as = ming) => postOverHttp(server.url, as, to.id, content);

    const framesOf = (client: V2Client, op: string): Record<string, unknown>[] =>
      client.socket.frames.map((text) => JSON.parse(text)).filter((frame) => frame.op === op);
    const newsTo = (client: V2Client): Posted[] =>
      framesOf(client, 'news').flatMap((frame) => EVENTS.news.strict().parse(frame).threads);
    const heard = (client: V2Client, to: ThreadView, messages: number) =>
      eventually(() => newsTo(client).some(([, id, count]) => id === to.id && count === messages));

    async function watching(person: Person): Promise<V2Client> {
      const client = await open(person);
      REPLIES.watch.strict().parse(await client.ask({ action: 'watch', on: true }));
      return client;
    }

    const messagesIn = async ({ id }: ThreadView): Promise<number> =>
      (await ask<ThreadView>(server.url, `/api/threads/${id}`, { as: ming })).messages;

    test('Lily, who watches her classes, hears how many messages a thread has that she has not joined', async () => {
      const client = await watching(lily);
      await post('first');
      const messages = await messagesIn(thread);
      await heard(client, thread, messages);
      expect(newsTo(client)).toContainEqual([classroom.id, thread.id, messages, 0]);
      expect(client.events()).toEqual([]);
      client.close();
    });

    test('of a thread that she joined she hears in the thread alone', async () => {
      const client = await watching(lily);
      await client.get<'join'>({ action: 'join', thread: thread.id });
      await post('in the thread');
      await post('elsewhere', other);
      await heard(client, other, await messagesIn(other));
      expect(newsTo(client).filter(([, id]) => id === thread.id)).toEqual([]);
      expect(client.events()).toHaveLength(1);
      client.close();
    });

    test('those who are mentioned hear how often, and the others do not', async () => {
      const [hers, his] = [await watching(lily), await watching(omar)];
      const there = await openThread(server.url, ming, classroom.id, 'Calls');
      const call = (mentions: number[]) =>
        postOverHttp(server.url, ming, there.id, 'you there', { mentions });
      await Promise.all([call([lily.id]), call([0, omar.id]), call([])]);
      const sum = (client: V2Client) =>
        newsTo(client)
          .filter(([, id]) => id === there.id)
          .reduce((all, [, , , mentions]) => all + mentions, 0);
      await eventually(() => sum(hers) === 2 && sum(his) === 1);
      for (const client of [hers, his]) await heard(client, there, 3);
      for (const client of [hers, his]) client.close();
    });

    test('forty posts are a few frames, and the last one has the last number', async () => {
      const client = await watching(lily);
      const there = await openThread(server.url, ming, classroom.id, 'Busy');
      await Promise.all(Array.from({ length: 40 }, (_, index) => post(`message ${index}`, there)));
      await heard(client, there, 40);
      expect(framesOf(client, 'news').length).toBeLessThan(12);
      client.close();
    });

    test('who does not watch, or no longer does, hears nothing', async () => {
      const [never, noMore, witness] = [await open(lily), await watching(lily), await watching(lily)];
      await noMore.get<'watch'>({ action: 'watch', on: false });
      await post('unheard', other);
      const messages = await messagesIn(other);
      await heard(witness, other, messages);
      await post('a barrier', other);
      await heard(witness, other, messages + 1);
      expect([...newsTo(never), ...newsTo(noMore)].filter(([, , count]) => count >= messages)).toEqual([]);
      for (const client of [never, noMore, witness]) client.close();
    });

    test('a class that Omar enters is told of from then on, and one that he is taken out of is not', async () => {
      const client = await watching(omar);
      const { classroom: second, thread: there } = await foundClass(server.url, ming, [], 'Class 2');
      const hasHeard = (id: number) =>
        eventually(() => client.socket.newsOfClasses.some((text) => JSON.parse(text).class === id));
      await ask(server.url, '/api/classes/join', { as: omar, body: { code: second.code } });
      await hasHeard(second.id);
      await post('welcome', there);
      await heard(client, there, 1);

      client.socket.newsOfClasses.length = 0;
      await request(server.url, `/api/classes/${second.id}/members/${omar.id}`, {
        as: ming,
        method: 'DELETE',
      });
      await hasHeard(second.id);
      await post('among ourselves', there);
      await post('a barrier', other);
      await heard(client, other, await messagesIn(other));
      await post('another', other);
      await heard(client, other, await messagesIn(other));
      expect(newsTo(client).filter(([, id, count]) => id === there.id && count > 1)).toEqual([]);
      client.close();
    });

    test('a token that may not read hears no news', async () => {
      const body = { name: 'bot', scopes: ['write'] };
      const { token } = await ask<{ token: string }>(server.url, '/api/me/tokens', { as: lily, body });
      const client = await open({ ...lily, token });
      expect(await client.ask({ action: 'watch', on: true })).toMatchObject({ error: 'scope_missing' });
      client.close();
    });

    test('those in the thread hear once that Ming types, and nobody else does', async () => {
      const [speaker, reader, outsider] = [await open(ming), await open(lily), await open(lily)];
      const thin = await V2Client.open(server.socketUrl, lily, { lean: true });
      for (const client of [reader, thin]) await client.get<'join'>({ action: 'join', thread: thread.id });
      const types = () => speaker.ask({ action: 'typing', thread: thread.id });
      for (const reply of await Promise.all([types(), types(), types()]))
        expect(REPLIES.typing.strict().parse(reply)).toMatchObject({ thread: thread.id });
      await eventually(() => [reader, thin].every((client) => framesOf(client, 'typists').length > 0));
      const [frame] = framesOf(reader, 'typists');
      expect(EVENTS.typists.strict().parse(frame)).toEqual({
        op: 'typists',
        t: thread.id,
        u: [[ming.id, ming.name]],
      });
      // A second word would have gathered with the first: what was posted later is a barrier.
      const { id } = await post('typed');
      await eventually(() => reader.events().some(({ e }) => e.some(([, message]) => message === id)));
      expect(framesOf(reader, 'typists')).toHaveLength(1);
      expect(framesOf(outsider, 'typists')).toEqual([]);
      for (const client of [speaker, reader, thin, outsider]) client.close();
    });

    test('who may not post there does not type there', async () => {
      const stranger = await signUp(server.url, 'Stranger');
      const client = await open(stranger);
      expect(await client.ask({ action: 'typing', thread: thread.id })).toMatchObject({
        error: 'thread_not_found',
      });
      const muted = await open(omar);
      const path = `/api/classes/${classroom.id}/members/${omar.id}`;
      await ask(server.url, path, { as: ming, method: 'PATCH', body: { muted_for: 600 } });
      expect(await muted.ask({ action: 'typing', thread: thread.id })).toMatchObject({ error: 'muted' });
      await ask(server.url, path, { as: ming, method: 'PATCH', body: { muted_for: 0 } });
      for (const each of [client, muted]) each.close();
    });

    const whoIsHere = (client: V2Client, on = true) =>
      client.get<'presence'>({ action: 'presence', class: classroom.id, on });
    /** Who is here as a client knows it that follows the class. */
    const known = (client: V2Client): Set<number> => {
      const here = new Set<number>();
      for (const frame of client.socket.frames.map((text) => JSON.parse(text))) {
        if (frame.op === 'presence') for (const user of frame.here) here.add(user);
        if (frame.op !== 'here') continue;
        const { came, left } = EVENTS.here.strict().parse(frame);
        for (const user of came) here.add(user);
        for (const user of left) here.delete(user);
      }
      return here;
    };

    test('Lily sees who of the class is here, and who comes and goes', async () => {
      const [viewer, speaker] = [await open(lily), await open(ming)];
      REPLIES.presence
        .strict()
        .parse(await viewer.ask({ action: 'presence', class: classroom.id, on: true }));
      await eventually(() => known(viewer).has(ming.id) && known(viewer).has(lily.id));
      const [first, second] = [await open(omar), await open(omar)];
      await eventually(() => known(viewer).has(omar.id));
      first.close();
      const view = () => ask<PresenceView>(server.url, `/api/classes/${classroom.id}/presence`, { as: lily });
      expect((await view()).here).toContain(omar.id);
      second.close();
      await eventually(() => !known(viewer).has(omar.id));
      await eventually(async () => {
        const { here, count } = await view();
        return !here.includes(omar.id) && here.includes(ming.id) && count === here.length;
      });
      for (const client of [viewer, speaker]) client.close();
    });

    test('who looks away, looks at another class, or is taken out of it, hears no more of who is here', async () => {
      const { classroom: second } = await foundClass(server.url, ming, [lily, omar], 'Class 3');
      const [away, elsewhere, removed] = [await open(lily), await open(lily), await open(omar)];
      for (const client of [away, elsewhere, removed]) await whoIsHere(client);
      await whoIsHere(away, false);
      await elsewhere.get<'presence'>({ action: 'presence', class: second.id, on: true });
      const path = `/api/classes/${classroom.id}/members/${omar.id}`;
      await request(server.url, path, { as: ming, method: 'DELETE' });
      await eventually(() =>
        removed.socket.newsOfClasses.some((text) => JSON.parse(text).class === classroom.id),
      );
      for (const client of [away, elsewhere, removed]) client.socket.frames.length = 0;

      const witness = await open(ming);
      await whoIsHere(witness);
      const zoe = await signUp(server.url, 'Zoe');
      for (const { code } of [classroom, second])
        await ask(server.url, '/api/classes/join', { as: zoe, body: { code } });
      const coming = await open(zoe);
      await eventually(() => known(witness).has(zoe.id) && known(elsewhere).has(zoe.id));
      const ofClass = (client: V2Client) =>
        framesOf(client, 'here').filter((frame) => frame.class === classroom.id);
      expect([away, elsewhere, removed].flatMap(ofClass)).toEqual([]);
      expect(await removed.ask({ action: 'presence', class: classroom.id, on: true })).toMatchObject({
        error: 'class_not_found',
      });
      for (const client of [away, elsewhere, removed, witness, coming]) client.close();
    });
  });
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 15 s');
    await Bun.sleep(20);
  }
}
