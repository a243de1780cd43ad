import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { ask, foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';
import { V2Client } from '../actors/v2-client.ts';

/** Latest that an event may still come after a right has ended, in ms. */
const PROMISED_MS = 1_000;

describe.each([1, 2])('with %i workers', (workers) => {
  const folder = temporaryFolder('revocation');
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

  /** What ends Ming's right, said by Ms Chen or by himself. */
  const ENDS: Record<
    string,
    (where: { classroom: ClassView; thread: ThreadView; ming: Person }) => Promise<unknown>
  > = {
    'he is removed': ({ classroom, ming }) =>
      ask(server.url, `/api/classes/${classroom.id}/members/${ming.id}`, { as: chen, method: 'DELETE' }),
    'he is banned': ({ classroom, ming }) =>
      ask(server.url, `/api/classes/${classroom.id}/bans/${ming.id}`, { as: chen, method: 'PUT' }),
    'he leaves': ({ classroom, ming }) =>
      ask(server.url, `/api/classes/${classroom.id}/leave`, { as: ming, method: 'POST' }),
    'he signs out': ({ ming }) => ask(server.url, '/api/sign-out', { as: ming, method: 'POST' }),
    'his account is disabled': ({ ming }) =>
      ask(server.url, `/api/server/users/${ming.id}/disable`, { as: chen, method: 'POST' }),
  };

  const watch = async (person: Person, { id }: ClassView): Promise<V2Client> => {
    const client = await V2Client.open(server.socketUrl, person);
    await client.get({ action: 'watch', on: true });
    await client.get({ action: 'presence', class: id, on: true });
    return client;
  };
  const toldOf = ({ socket }: V2Client): number =>
    socket.frames.filter((frame) => /^\{"op":"(news|here)"/.test(frame)).length;

  test.each(Object.keys(ENDS))('when %s, none of his connections hears more', async (name) => {
    const ming = await signUp(server.url, `Ming ${++count}`);
    const lily = await signUp(server.url, `Lily ${count}`);
    const { classroom, thread } = await foundClass(server.url, chen, [ming, lily]);
    // Enough of them that they are on every process.
    const his = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        V2Client.open(server.socketUrl, ming, { lean: index % 2 === 0 }),
      ),
    );
    for (const client of his) await client.get({ action: 'join', thread: thread.id });
    const classic = await SocketClient.open(server.socketUrl, { token: ming.token });
    await classic.next();
    classic.send({
      action: 'join',
      thread_id: thread.id,
      class_id: classroom.id,
      speaker: ming.id,
      speaker_name: ming.name,
    });
    expect(await classic.nextJson()).toMatchObject({ code: 100 });
    const hers = await V2Client.open(server.socketUrl, lily);
    await hers.get({ action: 'join', thread: thread.id });
    // What is told of a class to those who have joined none of its threads.
    const [hisOwn, herOwn] = await Promise.all([watch(ming, classroom), watch(lily, classroom)]);
    const post = (content: string) => postOverHttp(server.url, chen, thread.id, content, { announce: true });

    await post('before');
    for (const client of his) await client.nextEvent();
    await classic.next();
    while (toldOf(hisOwn) === 0 || toldOf(herOwn) === 0) await Bun.sleep(5);

    let isTalking = true;
    const talk = (async () => {
      while (isTalking) await post('meanwhile');
    })();
    await ENDS[name]?.({ classroom, thread, ming });
    await Bun.sleep(PROMISED_MS);
    const heard = his.map((client) => client.events().length);
    const heardClassic = classic.frames.length;
    const toldBefore = toldOf(hisOwn);
    isTalking = false;
    await talk;
    const told = toldOf(herOwn);
    // What Lily hears was sent to all who may hear it.
    await post('afterwards');
    while (!hers.events().some(({ e }) => e.some((change) => change[4] === 'afterwards'))) await Bun.sleep(5);
    expect(his.map((client) => client.events().length)).toEqual(heard);
    expect(classic.frames.length).toBe(heardClassic);
    while (toldOf(herOwn) === told) await Bun.sleep(5);
    expect(toldOf(hisOwn)).toBe(toldBefore);
    for (const socket of [...his, hers, hisOwn, herOwn, classic]) socket.close();
  });

  test('when the class is archived, nobody hears more of it', async () => {
    const ming = await signUp(server.url, `Ming ${++count}`);
    const { classroom, thread } = await foundClass(server.url, chen, [ming]);
    const client = await V2Client.open(server.socketUrl, ming);
    await client.get({ action: 'join', thread: thread.id });
    const body = { archived: true };
    await ask(server.url, `/api/classes/${classroom.id}`, { as: chen, method: 'PATCH', body });
    const left = await client.socket.until(({ op }) => op === 'left');
    expect(left).toMatchObject({ thread: thread.id, error: 'class_archived' });
    expect(await client.ask({ action: 'join', thread: thread.id })).toMatchObject({
      error: 'class_archived',
    });
    client.close();
  });
});
