import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ServerWebSocket } from 'bun';
import { Connection, type Dialect } from '../../server/src/hub/connection.ts';
import { LIVENESS, Liveness } from '../../server/src/hub/liveness.ts';
import type { Origin } from '../../server/src/limits/admission.ts';
import { metricsOf } from '../actors/metrics.ts';
import { foundClass, type Person, signUp } from '../actors/people.ts';
import { type ServerProcess, startLimitedServer, temporaryFolder } from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';
import { ImpatientProxy } from './impatient-proxy.ts';
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

test('behind a proxy that cuts what is quiet, one line is lost; the next ones are pinged in time', async () => {
  const proxy = await ImpatientProxy.start(server.port, 3_600);
  const lost = await quietClient(proxy);
  const since = performance.now();
  await lost.closed;
  expect(performance.now() - since).toBeGreaterThan(4_000); // it had held one quiet, and was lost in the next
  const others = await Promise.all([quietClient(proxy), quietClient(proxy)]);
  await Bun.sleep(9_000);
  for (const client of others) {
    expect(client.isOpen).toBe(true);
    expect(client.pings).toBeGreaterThanOrEqual(3);
    client.destroy();
  }
  proxy.stop();
}, 30_000);

test('who answers is pinged ever more rarely, and classic connections are not', () => {
  const { liveness, sweep } = simulated();
  const [quiet, classic] = [fakeConnection('v2'), fakeConnection('classic')];
  for (const { connection } of [quiet, classic]) liveness.opened(connection);
  sweep(1_800, [quiet, classic]);
  const gaps = quiet.pingedAt.map((at, index) => at - (quiet.pingedAt[index - 1] ?? 0));
  const { quietSeconds, quietMaxSeconds, jitterSeconds } = LIVENESS;
  expect(gaps[0]).toBeWithin(quietSeconds - jitterSeconds, quietSeconds + 1);
  expect(gaps[1]).toBeWithin(2 * quietSeconds - jitterSeconds, 2 * quietSeconds + 1);
  for (const gap of gaps.slice(2))
    expect(gap).toBeWithin(quietMaxSeconds - jitterSeconds, quietMaxSeconds + 1);
  expect(gaps.length).toBeGreaterThan(5);
  expect(classic.pingedAt.length).toBeGreaterThanOrEqual(Math.floor(1_800 / quietSeconds));
  expect(liveness.pings).toBe(quiet.pingedAt.length + classic.pingedAt.length);
});

test('ten thousand who came at once are pinged spread over time', () => {
  const { liveness, sweep } = simulated();
  const everyone = Array.from({ length: 10_000 }, () => fakeConnection('v2'));
  for (const { connection } of everyone) liveness.opened(connection);
  sweep(3_600, everyone);
  const perSecond = new Map<number, number>();
  for (const { pingedAt } of everyone)
    for (const at of pingedAt) perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
  const most = (from: number): number =>
    Math.max(...[...perSecond].filter(([at]) => at >= from).map(([, pings]) => pings));
  expect(most(0)).toBeLessThan(550); // 400 were they all alike
  expect(most(1_800)).toBeLessThan(200); // 48 were they all alike, and 1,000 were they pinged in ten seconds
  expect(liveness.reaped).toBe(0);
});

test('of many lines that a proxy cuts at the same quiet, few are lost', () => {
  const { liveness, sweep } = simulated();
  const everyone = Array.from({ length: 1_000 }, () => fakeConnection('v2', 60));
  for (const { connection } of everyone) liveness.opened(connection);
  sweep(3_000, everyone);
  expect(everyone.filter(({ isLost }) => isLost).length).toBeWithin(1, 6);
});

/** Connected through the proxy and greeted, and silent from then on but for answers to pings. */
async function quietClient(proxy: ImpatientProxy): Promise<RawClient> {
  const session = { authorization: `Bearer ${ming.token}`, 'sec-websocket-protocol': 'pokers.v2' };
  const client = await RawClient.upgrade(proxy, session);
  client.sendText({ action: 'hello' });
  await client.until(() => client.frames.length === 1);
  return client;
}

interface Fake {
  readonly connection: Connection;
  readonly pingedAt: number[];
  /** Seconds of quiet after which something on the way cuts its line. */
  readonly cutAfter: number;
  isLost: boolean;
}

const HERE: Origin = { address: '192.0.2.1', connections: 1 };

function fakeConnection(dialect: Dialect, cutAfter = Number.POSITIVE_INFINITY): Fake {
  return { connection: new Connection(dialect, HERE, undefined), pingedAt: [], cutAfter, isLost: false };
}

/** Liveness of fake connections from one address, which answer pings within the same second. */
function simulated(): { liveness: Liveness; sweep: (seconds: number, fakes: readonly Fake[]) => void } {
  HERE.path = undefined;
  const liveness = new Liveness(LIVENESS, () => Number.NEGATIVE_INFINITY);
  const answer = (fake: Fake): void => {
    fake.pingedAt.push(liveness.now);
    liveness.heard(fake.connection);
  };
  const visit = (fake: Fake): void => {
    if (fake.isLost) return;
    fake.isLost = liveness.now - fake.connection.heardAt > fake.cutAfter;
    if (fake.isLost) liveness.lineCut(fake.connection);
    else liveness.look(fake.connection);
  };
  const sweep = (seconds: number, fakes: readonly Fake[]): void => {
    for (const fake of fakes) {
      const socket: Pick<ServerWebSocket<Connection>, 'ping'> = {
        ping: () => {
          answer(fake);
          return 1;
        },
      };
      fake.connection.opened(socket as ServerWebSocket<Connection>);
    }
    for (let second = 0; second < seconds; second++) {
      liveness.tick();
      for (const fake of fakes) visit(fake);
    }
  };
  return { liveness, sweep };
}
