import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Change } from '@pokers/protocol/message';
import { PokersClient, type ThreadChannel } from '../src/index.ts';
import { SmallServer } from './small-server.ts';
import { until } from './until.ts';

const THREAD = 7;
const MING = 1;
const ANNA = 2;
const OSCAR = 3;

let server: SmallServer;
let ming: PokersClient;
let channel: ThreadChannel;

beforeEach(async () => {
  server = new SmallServer();
  ming = new PokersClient({ url: server.url, backoff: { minMs: 4, maxMs: 20 } });
  channel = ming.thread(THREAD);
  await ming.connect();
});

afterEach(async () => {
  ming.close();
  await server.stop();
});

const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
const contents = () => channel.messages.map((message) => message.content);
const isUpToDate = () => channel.seq === server.seq(THREAD) && ming.state === 'connected';
const upToDate = () => until(isUpToDate, `seq ${server.seq(THREAD)}; it is ${channel.seq}`);
const isBack = (dials: number) =>
  until(() => server.dials === dials && ming.state === 'connected', 'Ming to be back');

/** Everything that the channel shows is what the server has, and no loaded message is missing. */
function expectTruth(): void {
  const oldest = channel.messages[0]?.id ?? 0;
  const stored = server.messages(THREAD).filter((change) => !channel.hasOlder || change[1] >= oldest);
  const shown = channel.messages.map(
    (m): Change => [m.seq, m.id, m.speaker, m.date, m.deleted ? 0 : m.content],
  );
  expect(shown).toEqual(stored);
  expect(channel.messages.filter((m) => m.name !== server.names.get(m.speaker))).toEqual([]);
}

function events(): string[] {
  const heard: string[] = [];
  channel.on('change', (changed) => heard.push(...changed.map((message) => message.content)));
  channel.on('reset', () => heard.push('reset'));
  channel.on('lost', (error) => heard.push(`lost: ${error.error}`));
  return heard;
}

describe('opening a thread', () => {
  test('Ming sees the newest page with names, and hears what comes', async () => {
    for (let i = 1; i <= 60; i++) server.say(THREAD, ANNA, `message ${i}`);
    const heard = events();
    expect(channel.opened).toBe(false);
    await channel.open();
    expect(channel.opened).toBe(true);
    expect(channel.messages).toHaveLength(50);
    expect(channel.messages[0]).toMatchObject({
      id: 11,
      name: 'Anna',
      content: 'message 11',
      deleted: false,
    });
    expect([channel.seq, channel.hasOlder]).toEqual([60, true]);
    server.say(THREAD, ANNA, 'live');
    await upToDate();
    expect(heard).toEqual(['reset', 'live']);
    expectTruth();
  });

  test('a thread has one channel, until it is left', async () => {
    expect(ming.thread(THREAD)).toBe(channel);
    await Promise.all([channel.open(), channel.open()]);
    await channel.open();
    expect(server.commandsOf('join')).toHaveLength(1);
    channel.leave();
    expect(ming.thread(THREAD)).not.toBe(channel);
    expect(await failure(channel.open())).toMatchObject({ error: 'closed' });
    await until(() => server.commandsOf('leave').length === 1, 'the server to hear of it');
  });

  test('opening waits for the connection', async () => {
    const early = new PokersClient({ url: server.url });
    const opening = early.thread(THREAD).open();
    await early.connect();
    await opening;
    expect(early.thread(THREAD).opened).toBe(true);
    early.close();
  });

  test('what is said between the join and the page is neither lost nor doubled', async () => {
    server.delay = async (command) => {
      if (command.action === 'join') server.say(THREAD, ANNA, 'between');
      if (command.action === 'history') server.say(THREAD, ANNA, 'after the page');
    };
    const heard = events();
    await channel.open();
    await upToDate();
    expect(contents()).toEqual(['between', 'after the page']);
    expect(heard).toEqual(['reset', 'after the page']);
  });

  test('a thread that is not there is refused, once', async () => {
    server.refuses.set('join', { error: 'thread_not_found', times: 1 });
    expect(await failure(channel.open())).toMatchObject({ code: 102, error: 'thread_not_found' });
    expect(channel.opened).toBe(false);
    await ming.thread(THREAD).open();
  });

  test('opening goes on over a broken line', async () => {
    server.mute.add('history');
    const opening = channel.open();
    await until(() => server.commandsOf('history').length === 1, 'the page to be asked for');
    server.mute.clear();
    server.cut();
    await opening;
    expect(server.dials).toBe(2);
  });

  test('whoever waits for open() when the client closes waits no longer', async () => {
    server.mute.add('join');
    const opening = failure(channel.open());
    ming.close();
    expect(await opening).toMatchObject({ error: 'closed' });
    expect(await failure(ming.thread(8).open())).toMatchObject({ error: 'closed' });
  });

  test('the two hundred and first open thread is refused', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => ming.thread(1_000 + i).open()));
    expect(await failure(channel.open())).toMatchObject({ error: 'limit_reached' });
    server.cut();
    await isBack(2);
    await until(() => server.commandsOf('join').length === 400, 'all to be joined again');
  });
});

describe('gaps', () => {
  test('what did not arrive is asked for, and shown in order', async () => {
    await channel.open();
    const heard = events();
    server.withholds = true;
    server.say(THREAD, ANNA, 'lost 1');
    server.say(THREAD, ANNA, 'lost 2');
    server.withholds = false;
    server.say(THREAD, ANNA, 'arrived');
    await upToDate();
    expect(heard).toEqual(['lost 1', 'lost 2', 'arrived']);
    expect(server.commandsOf('resume').map((command) => command.after)).toEqual([0]);
    expectTruth();
  });

  test('old and repeated events change nothing', async () => {
    await channel.open();
    const first = server.say(THREAD, ANNA, 'first');
    const edited = server.change(THREAD, first[1], ANNA, 'edited');
    await upToDate();
    const heard = events();
    server.publish(THREAD, [first]);
    server.publish(THREAD, [first, edited]);
    server.publish(THREAD, [edited], 0);
    server.say(THREAD, ANNA, 'a barrier');
    await upToDate();
    expect(heard).toEqual(['a barrier']);
    expect(server.commandsOf('resume')).toEqual([]);
  });

  test('an event with a since needs no question, though there are holes in it', async () => {
    await channel.open();
    server.withholds = true;
    const a = server.say(THREAD, ANNA, 'a');
    for (let i = 0; i < 5; i++) server.change(THREAD, a[1], ANNA, `a${i}`);
    server.say(THREAD, ANNA, 'b');
    server.publish(THREAD, server.messages(THREAD), 0);
    await upToDate();
    expect(contents()).toEqual(['a4', 'b']);
    expect(server.commandsOf('resume')).toEqual([]);
  });

  test('what is said while Ming catches up comes after it', async () => {
    await channel.open();
    server.delay = async (command) => {
      if (command.action === 'resume') server.say(THREAD, ANNA, 'meanwhile');
    };
    const heard = events();
    server.withholds = true;
    server.say(THREAD, ANNA, 'lost');
    server.withholds = false;
    server.say(THREAD, ANNA, 'arrived');
    await upToDate();
    expect(heard).toEqual(['lost', 'arrived', 'meanwhile']);
  });

  test('more events than can be held are let go, and asked for', async () => {
    await channel.open();
    let resumes = 0;
    server.delay = async (command) => {
      if (command.action !== 'resume' || resumes++ > 0) return;
      for (let i = 0; i < 1_100; i++) server.say(THREAD, ANNA, `flood ${i}`);
    };
    server.withholds = true;
    server.say(THREAD, ANNA, 'lost');
    server.withholds = false;
    server.say(THREAD, ANNA, 'arrived');
    await upToDate();
    expect(server.commandsOf('resume').length).toBeGreaterThan(2);
    expect(channel.messages).toHaveLength(1_102);
    expectTruth();
  });

  test('a store that does not have yet what was announced is asked again', async () => {
    await channel.open();
    server.publish(THREAD, [[2, 2, ANNA, 0, 'two']]);
    await until(() => server.commandsOf('resume').length >= 2, 'Ming to insist');
    server.withholds = true;
    server.say(THREAD, ANNA, 'one');
    server.say(THREAD, ANNA, 'two');
    await upToDate();
    expect(contents()).toEqual(['one', 'two']);
  });

  test('a store that is out of order for a moment is asked again', async () => {
    await channel.open();
    server.refuses.set('resume', { error: 'store_unavailable', times: 2 });
    server.withholds = true;
    server.say(THREAD, ANNA, 'lost');
    server.withholds = false;
    server.say(THREAD, ANNA, 'arrived');
    await upToDate();
    expect(contents()).toEqual(['lost', 'arrived']);
    expect(server.dials).toBe(1);
  });
});

describe('coming back', () => {
  test('Ming gets what was said, edited and deleted while he was away', async () => {
    const [first, second] = [server.say(THREAD, ANNA, 'first'), server.say(THREAD, ANNA, 'second')];
    await channel.open();
    const heard = events();
    server.cut();
    server.change(THREAD, first[1], ANNA, 'first, edited');
    server.change(THREAD, second[1], ANNA, 0);
    server.say(THREAD, OSCAR, 'third');
    await isBack(2);
    await upToDate();
    expect(contents()).toEqual(['first, edited', '', 'third']);
    expect(channel.messages[1]?.deleted).toBe(true);
    expect(heard).toEqual(['first, edited', '', 'third']);
    expectTruth();
  });

  test('who missed nothing asks for nothing', async () => {
    await channel.open();
    server.cut();
    await isBack(2);
    await until(() => server.commandsOf('join').length === 2, 'the thread to be joined again');
    server.say(THREAD, ANNA, 'live again');
    await upToDate();
    expect(server.commandsOf('resume')).toEqual([]);
    expect(server.commandsOf('history').filter((command) => command.limit === undefined)).toHaveLength(1);
  });

  test('who missed several pages gets them all', async () => {
    await channel.open();
    server.cut();
    for (let i = 1; i <= 650; i++) server.say(THREAD, ANNA, `message ${i}`);
    await isBack(2);
    await upToDate();
    expect(server.commandsOf('resume').map((command) => command.after)).toEqual([0, 200, 400, 600]);
    expect(channel.messages).toHaveLength(650);
    expectTruth();
  });

  test('who missed thousands starts with the newest page again', async () => {
    server.say(THREAD, ANNA, 'long ago');
    await channel.open();
    const heard = events();
    server.cut();
    for (let i = 1; i <= 2_001; i++) server.say(THREAD, ANNA, `message ${i}`);
    await isBack(2);
    await upToDate();
    expect(heard).toEqual(['reset']);
    expect(channel.messages).toHaveLength(50);
    expect(channel.hasOlder).toBe(true);
    expectTruth();
  });

  test('a thread that is there no longer is lost, and the others go on', async () => {
    const other = ming.thread(8);
    await Promise.all([channel.open(), other.open()]);
    const heard = events();
    server.refuses.set('join', { error: 'thread_not_found', times: 1 });
    server.cut();
    await until(() => heard.length > 0, 'Ming to hear of it');
    expect(heard).toEqual(['lost: thread_not_found']);
    expect(channel.opened).toBe(false);
    server.say(8, ANNA, 'still here');
    await until(() => other.messages.length === 1, 'the other thread to go on');
  });

  test('a join that fails for the moment is tried again', async () => {
    await channel.open();
    server.refuses.set('join', { error: 'internal', times: 3 });
    server.cut();
    server.say(THREAD, ANNA, 'meanwhile');
    await isBack(2);
    await upToDate();
    expect(server.dials).toBe(2);
  });

  test('channels outlive close() and go on with the next connect()', async () => {
    await channel.open();
    ming.close();
    server.say(THREAD, ANNA, 'meanwhile');
    await ming.connect();
    await upToDate();
    expect(contents()).toEqual(['meanwhile']);
  });

  test('when another user comes back, nothing of the first one’s is kept', async () => {
    server.say(THREAD, ANNA, 'for Ming’s eyes');
    await channel.open();
    ming.close();
    server.replace('first');
    server.user = { id: OSCAR, name: 'Oscar' };
    server.say(THREAD, ANNA, 'for Oscar’s eyes');
    const heard = events();
    await ming.connect();
    await until(() => heard.includes('reset'), 'the page to be loaded');
    expect(contents()).toEqual(['for Oscar’s eyes']);
  });

  test('when the database is replaced, all is loaded anew', async () => {
    for (let i = 0; i < 5; i++) server.say(THREAD, ANNA, `old ${i}`);
    await channel.open();
    const heard = events();
    const epochs: string[] = [];
    ming.on('epoch', (epoch) => epochs.push(epoch));
    server.replace('second');
    server.say(THREAD, OSCAR, 'restored');
    server.cut();
    await until(() => heard.includes('reset'), 'the page to be loaded');
    expect([epochs, contents(), channel.seq]).toEqual([['second'], ['restored'], 1]);
    expect(ming.epoch).toBe('second');
    expectTruth();
  });
});

describe('names', () => {
  test('an unknown speaker’s name is asked for once, and nothing overtakes her message', async () => {
    await channel.open();
    const heard: string[] = [];
    channel.on('change', (changed) => heard.push(...changed.map((m) => `${m.name}: ${m.content}`)));
    server.say(THREAD, ANNA, 'hello');
    server.say(THREAD, MING, 'hello Anna');
    server.say(THREAD, ANNA, 'hello Ming');
    await upToDate();
    expect(heard).toEqual(['Anna: hello', 'Ming: hello Anna', 'Anna: hello Ming']);
    expect(server.commandsOf('history').slice(1)).toMatchObject([{ before: 2, limit: 1 }]);
  });

  test('several unknown speakers in one event are asked for together', async () => {
    await channel.open();
    server.withholds = true;
    const e = [server.say(THREAD, ANNA, 'a'), server.say(THREAD, OSCAR, 'b')];
    server.publish(THREAD, e);
    await upToDate();
    expect(channel.messages.map((message) => message.name)).toEqual(['Anna', 'Oscar']);
    expect(server.commandsOf('history')).toHaveLength(2);
  });

  test('a speaker whom the server cannot name has no name, and is not asked for again', async () => {
    await channel.open();
    server.say(THREAD, 99, 'boo');
    server.say(THREAD, 99, 'boo again');
    await upToDate();
    expect(channel.messages.map((message) => message.name)).toEqual(['', '']);
    expect(server.commandsOf('history')).toHaveLength(2);
  });

  test('a name that cannot be asked for right now does not lose the message', async () => {
    await channel.open();
    server.refuses.set('history', { error: 'store_unavailable', times: 1 });
    server.say(THREAD, ANNA, 'hello');
    await upToDate();
    expect(channel.messages[0]).toMatchObject({ name: 'Anna', content: 'hello' });
  });
});

describe('older messages', () => {
  test('Ming scrolls back to the beginning', async () => {
    for (let i = 1; i <= 120; i++) server.say(THREAD, ANNA, `message ${i}`);
    await channel.open();
    const heard = events();
    expect(await channel.loadOlder()).toBe(true);
    expect(await channel.loadOlder(200)).toBe(false);
    expect(await channel.loadOlder()).toBe(false);
    expect(channel.messages).toHaveLength(120);
    expect(heard).toEqual([]);
    expectTruth();
  });

  test('asking twice at once loads one page', async () => {
    for (let i = 1; i <= 120; i++) server.say(THREAD, ANNA, `message ${i}`);
    await channel.open();
    expect(await Promise.all([channel.loadOlder(10), channel.loadOlder(10)])).toEqual([true, true]);
    expect(channel.messages).toHaveLength(60);
  });

  test('an edit that overtakes the page it is on is not lost', async () => {
    for (let i = 1; i <= 60; i++) server.say(THREAD, ANNA, `message ${i}`);
    await channel.open();
    let edits = 0;
    server.delay = async (command) => {
      // The page is read already; the edit is sent before it.
      if (command.action === 'history' && edits++ === 0) server.change(THREAD, 3, ANNA, 'edited');
    };
    await channel.loadOlder();
    expect(edits).toBe(2);
    expect(channel.messages[2]?.content).toBe('edited');
    expectTruth();
  });

  test('without a line it fails, and works again later', async () => {
    for (let i = 1; i <= 60; i++) server.say(THREAD, ANNA, `message ${i}`);
    await channel.open();
    const refused = new Promise((resolve) => {
      ming.on('state', (state) => state === 'waiting' && resolve(failure(channel.loadOlder())));
    });
    server.cut();
    expect(await refused).toMatchObject({ code: 0, error: 'network' });
    await isBack(2);
    expect(await channel.loadOlder()).toBe(false);
    expectTruth();
  });
});

test('whatever is lost, doubled, delayed or cut, in the end Ming has the truth', async () => {
  let state = 42;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < 80; i++) server.say(THREAD, ANNA, `before ${i}`);
  await channel.open();
  let cuts = 0;
  const unsent: Change[] = [];
  server.withholds = true;
  for (let step = 0; step < 600; step++) {
    const speaker = 1 + random(3);
    const old = server.messages(THREAD)[random(server.messages(THREAD).length)];
    const roll = random(10);
    if (roll < 6 || !old) unsent.push(server.say(THREAD, speaker, `step ${step}`));
    else unsent.push(server.change(THREAD, old[1], old[2], roll < 9 ? `edited ${step}` : 0));
    const fate = random(20);
    if (fate < 12) server.publish(THREAD, unsent.splice(0));
    else if (fate < 14) unsent.length = 0;
    else if (fate < 15) server.publish(THREAD, unsent);
    if (fate === 19 && random(4) === 0) {
      server.cut();
      cuts++;
    }
    if (fate === 18) void failure(channel.loadOlder(5));
    if (random(5) === 0) await Bun.sleep(random(4));
  }
  server.withholds = false;
  await until(() => ming.state === 'connected', 'Ming to be back');
  server.say(THREAD, OSCAR, 'the end');
  await upToDate();
  expect(cuts).toBeGreaterThan(2);
  expectTruth();
});
