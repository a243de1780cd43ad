import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Change } from '@pokers/protocol/message';
import { foundClass, openThread, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

const folder = temporaryFolder('lean');
let server: ServerProcess;
let ming: Person;
let classId: number;

beforeAll(async () => {
  // A thin link: there much gathers.
  server = await startServerProcess(folder.path, '--egress', '2mbit');
  ming = await signUp(server.url, 'Ming');
  classId = (await foundClass(server.url, ming, [])).classroom.id;
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const newThread = async (name: string) => (await openThread(server.url, ming, classId, name)).id;
const open = async (thread: number, lean: boolean) => {
  const client = await V2Client.open(server.socketUrl, ming, { lean });
  await client.get<'join'>({ action: 'join', thread });
  return client;
};
const post = (client: V2Client, thread: number, content: string) =>
  client.get<'post'>({ action: 'post', thread, content, nonce: crypto.randomUUID() });
const changesOf = (client: V2Client) => client.events().flatMap(({ e }) => e as unknown as Change[]);
/** How many changes have come. */
const seen = (client: V2Client) => changesOf(client).length;

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !holds(); await Bun.sleep(10))
    if (Date.now() > end) throw new Error('it did not come to be in 15 s');
}

test('a burst to many reaches lean clients in steps and deflated, plain ones whole, both the same', async () => {
  const thread = await newThread('burst');
  const leans = await Promise.all(Array.from({ length: 40 }, () => open(thread, true)));
  const plains = await Promise.all(Array.from({ length: 40 }, () => open(thread, false)));
  const speaker = await V2Client.open(server.socketUrl, ming);
  const count = 400;
  for (let n = 0; n < count; n++) {
    void post(speaker, thread, `message ${n} 第${n}条`);
    if (n % 4 === 0) await Bun.sleep(2);
  }
  await until(() => [...leans, ...plains].every((client) => seen(client) === count));

  const [lean, plain] = [leans[0], plains[0]];
  if (!lean || !plain) throw new Error('there are both');
  const whole = changesOf(plain);
  for (const client of leans) expect(changesOf(client)).toEqual(whole);
  expect(lean.socket.deflated.size).toBeGreaterThan(0);
  expect(plain.socket.deflated.size).toBe(0);
  const steps = lean.socket.frames.map((text) => JSON.parse(text)).filter(Array.isArray);
  expect(
    steps.some(([, ...changes]) => changes.some(([, second]: unknown[]) => typeof second === 'string')),
  ).toBe(true);
  expect(plain.socket.frames.map((text) => JSON.parse(text)).some(Array.isArray)).toBe(false);
  for (const client of [...leans, ...plains, speaker]) client.close();
});

test('long replies come deflated to lean clients, short ones as text', async () => {
  const thread = await newThread('pages');
  const [lean, plain] = [await open(thread, true), await open(thread, false)];
  for (let n = 0; n < 30; n++) await post(plain, thread, `line ${n} of the poem`);
  const page = await lean.get<'history'>({ action: 'history', thread });
  expect(page.messages).toHaveLength(30);
  expect(lean.socket.deflated.size).toBe(1);
  const same = await plain.get<'history'>({ action: 'history', thread });
  expect({ ...page, ref: 0 }).toEqual({ ...same, ref: 0 });
  const [bytes] = lean.socket.deflated.values();
  expect(bytes).toBeLessThan(JSON.stringify(page).length / 2);
  lean.close();
  plain.close();
});

test('only the first hello decides, and lean must be yes or no', async () => {
  const thread = await newThread('hellos');
  const client = await open(thread, false);
  expect(await client.ask({ action: 'hello', lean: true })).toMatchObject({ op: 'hello', user: ming.id });
  for (let n = 0; n < 30; n++) await post(client, thread, `line ${n} of the poem`);
  await client.get<'history'>({ action: 'history', thread });
  expect(client.socket.deflated.size).toBe(0);
  expect(await client.ask({ action: 'hello', lean: 'yes' })).toMatchObject({ error: 'bad_request' });
  client.close();
});

test('a message that changes several times within a window is sent once, as it is then', async () => {
  const thread = await newThread('collapse');
  const readers = await Promise.all(Array.from({ length: 150 }, () => open(thread, true)));
  const speaker = await V2Client.open(server.socketUrl, ming);
  const { id } = await post(speaker, thread, 'what do you think?');
  const emoji = ['👍', '🎉', '😀', '🙏', '👏', '🔥', '🐼', '🍎'];
  const on = (value: boolean) =>
    emoji.map((one) =>
      speaker.get<'react'>({
        action: 'react',
        message: id,
        emoji: one,
        on: value,
        nonce: crypto.randomUUID(),
      }),
    );
  const answers = await Promise.all([...on(true), ...on(false), ...on(true)]);
  const last = Math.max(...answers.map(({ seq }) => seq));
  const [reader] = readers;
  if (!reader) throw new Error('there is one');
  const changes = () => changesOf(reader);
  await until(() => changes().at(-1)?.[0] === last);
  expect(changes().length).toBeLessThan(1 + answers.length);
  expect(
    changes()
      .at(-1)?.[5]
      ?.re?.map(([one]) => one),
  ).toEqual(emoji);
  for (const client of [...readers, speaker]) client.close();
});

test('who comes back after a moment gets what it missed, from memory or from the store alike', async () => {
  const thread = await newThread('back');
  const [lean, speaker] = [await open(thread, true), await open(thread, false)];
  const seqs: number[] = [];
  for (let n = 0; n < 120; n++) seqs.push((await post(speaker, thread, `message ${n}`)).seq);
  await speaker.get<'edit'>({
    action: 'edit',
    message: (await post(speaker, thread, 'x')).id,
    content: 'y',
    nonce: 'e1',
  });
  const outsider = await V2Client.open(server.socketUrl, ming);
  for (const after of [0, 1, 60, 69, 70, 71, 72, 73, 119, 120, 121, 122]) {
    const [mine, stored] = await Promise.all(
      [lean, outsider].map((client) => client.get<'resume'>({ action: 'resume', thread, after })),
    );
    expect({ ...mine, ref: 0 }).toEqual({ ...stored, ref: 0 } as never);
  }
  const beyond = await lean.get<'resume'>({ action: 'resume', thread, after: 500 });
  expect(beyond).toMatchObject({ changes: [], seq: 122 });
  for (const client of [lean, speaker, outsider]) client.close();
});
