import { afterAll, beforeAll, expect, test } from 'bun:test';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { RawClient } from './raw-client.ts';

/** Seconds, in place of a minute and a half. */
const QUICK = { quietSeconds: 2, jitterSeconds: 0, graceSeconds: 2 };

const folder = temporaryFolder('liveness');
let server: ServerProcess;
let ming: Person;

beforeAll(async () => {
  server = await startLimitedServer({ ...QUICK, postsBurst: 10_000, changesBurst: 10_000 }, folder.path);
  ming = await signUp(server.url, 'Ming');
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

test('who is mute is cut, also where the server keeps sending to it; who answers pings stays', async () => {
  const { thread } = await foundClass(server.url, ming, []);
  const session = { authorization: `Bearer ${ming.token}`, 'sec-websocket-protocol': 'pokers.v2' };
  const [mute, lively] = [await RawClient.upgrade(server, session), await RawClient.upgrade(server, session)];
  for (const client of [mute, lively]) {
    client.sendText({ action: 'hello' });
    client.sendText({ action: 'join', thread: thread.id });
    await client.until(() => client.frames.length === 2);
  }
  mute.answers = false;

  const speaker = await V2Client.open(server.socketUrl, ming);
  let isBusy = true;
  const talking = (async () => {
    while (isBusy) {
      await speaker.get<'post'>({
        action: 'post',
        thread: thread.id,
        content: 'x',
        nonce: crypto.randomUUID(),
      });
      await Bun.sleep(50);
    }
  })();
  expect(await mute.closed).toBeLessThan(8_000);
  isBusy = false;
  await talking;

  expect(mute.frames.length).toBeGreaterThan(20); // it was sent to all the time
  expect(mute.pings).toBe(1);
  expect(lively.isOpen).toBe(true);
  expect(lively.pings).toBeGreaterThanOrEqual(1);
  expect((await metricsOf(server)).get('pokers_reaped_total')).toBe(1);
  speaker.close();
  lively.destroy();
}, 20_000);

test('who has said something lately is not pinged, and old clients are pinged as all others', async () => {
  const [talker, classic] = [await RawClient.upgrade(server), await RawClient.upgrade(server)];
  for (let spoken = 0; spoken < 12; spoken++) {
    talker.sendText({});
    await Bun.sleep(500);
  }
  expect(talker.pings).toBe(0);
  expect(classic.pings).toBeGreaterThanOrEqual(2);
  expect(classic.isOpen).toBe(true);
  for (const client of [talker, classic]) client.destroy();
}, 20_000);
