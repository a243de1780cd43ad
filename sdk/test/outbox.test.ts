import { afterEach, beforeEach, describe, expect, setSystemTime, test } from 'bun:test';
import { join } from 'node:path';
import { failureOf } from '../../test/actors/failure.ts';
import { temporaryFolder } from '../../test/actors/server-process.ts';
import { DEFAULTS } from '../src/defaults.ts';
import { FileOutboxStore } from '../src/file-outbox.ts';
import { PokersClient, type ThreadChannel } from '../src/index.ts';
import { SmallServer } from './small-server.ts';
import { until } from './until.ts';

const THREAD = 7;
const ANNA = 2;
const DAY_MS = 24 * 60 * 60 * 1_000;

let server: SmallServer;
let folder: ReturnType<typeof temporaryFolder>;
let ming: PokersClient;
let channel: ThreadChannel;

beforeEach(() => {
  server = new SmallServer();
  folder = temporaryFolder('outbox');
  ming = arrive();
  channel = ming.thread(THREAD);
});

afterEach(async () => {
  setSystemTime();
  ming.close();
  await server.stop();
  folder.remove();
});

/** Ming's program, as it is started anew each time on the same file. */
function arrive(url = server.url): PokersClient {
  const outbox = new FileOutboxStore(join(folder.path, 'outbox.jsonl'));
  return new PokersClient({ url, outbox, backoff: { minMs: 4, maxMs: 20 } });
}

/** The program ends, without a goodbye to anyone, and is started again. */
async function restart(): Promise<void> {
  await ming.outbox.saved();
  ming.close();
  // No program starts again within the millisecond in which it ended, and the order of entries is by their time.
  const ended = Date.now();
  while (Date.now() === ended) await Bun.sleep(1);
  ming = arrive();
  channel = ming.thread(THREAD);
}

const say = (...contents: string[]) => contents.map((content) => ignored(channel.post(content)));
const ignored = <T>(promise: Promise<T>) => promise.catch(() => undefined);
const waiting = (client = ming) =>
  client.outbox
    .entries()
    .map((entry) => `${'content' in entry ? entry.content : entry.action}: ${entry.status}`);
const stored = (thread = THREAD) => server.messages(thread).map((message) => message[4]);
const isEmpty = async () => {
  await ming.outbox.saved();
  await until(() => ming.outbox.entries().length === 0, 'the outbox to be empty');
};

describe('what is written without a line', () => {
  test('shows as pending, then as kept, and goes out in order', async () => {
    await ming.connect();
    const broken = new Promise<void>((resolve) => {
      ming.on('state', (state) => state === 'waiting' && resolve());
    });
    server.cut();
    await broken;
    const posts = say('one', 'two', 'three');
    expect(waiting()).toEqual(['one: pending', 'two: pending', 'three: pending']);
    await ming.outbox.saved();
    expect(ming.outbox.entries().every((entry) => entry.kept)).toBe(true);
    await Promise.all(posts);
    expect([waiting(), stored()]).toEqual([[], ['one', 'two', 'three']]);
  });

  test('survives a restart', async () => {
    ming.outbox.open(1);
    say('one', 'two');
    await restart();
    ming.outbox.open(1);
    await until(() => ming.outbox.entries().length === 2, 'the entries to be read');
    expect(waiting()).toEqual(['one: pending', 'two: pending']);
    say('three');
    await ming.connect();
    await isEmpty();
    expect(stored()).toEqual(['one', 'two', 'three']);
    await restart();
    await ming.connect();
    expect(waiting()).toEqual([]);
  });

  test('is everything that lasts, for all threads, and of what was read only the newest', async () => {
    const [first] = [server.say(THREAD, 1, 'frist'), server.say(THREAD, ANNA, 'second')];
    ming.outbox.open(1);
    void ignored(channel.edit(first[1], 'first'));
    void ignored(channel.react(2, '👍', true));
    void ignored(channel.pin(2, true));
    for (const message of [1, 2, 1]) void ignored(channel.markRead(message));
    void ignored(ming.thread(8).post('elsewhere'));
    expect(waiting()).toEqual(['first: pending', 'react: pending', 'pin: pending', 'elsewhere: pending']);
    await restart();
    await ming.connect();
    await isEmpty();
    await until(() => server.commandsOf('read').length > 0, 'the reading mark to arrive');
    expect(server.commandsOf('read')).toMatchObject([{ thread: THREAD, message: 2 }]);
    await channel.open();
    expect(channel.messages).toMatchObject([
      { content: 'first', edited: 1_700_000_100, reactions: [] },
      { content: 'second', pinned: 1_700_000_200, reactions: [{ emoji: '👍', count: 1, users: [1] }] },
    ]);
    expect(stored(8)).toEqual(['elsewhere']);
    await channel.delete(first[1]);
    await until(() => channel.messages[0]?.deleted === true, 'the deletion to be seen');
  });

  test('goes out when the file is older than what is written first', async () => {
    ming.outbox.open(1);
    say('old');
    await restart();
    // Not read yet, and already connected: what lies in the file goes first.
    say('new');
    await ming.connect();
    await isEmpty();
    expect(stored()).toEqual(['old', 'new']);
  });

  test('stays after close(), and its promise is kept at the next connect()', async () => {
    await ming.connect();
    ming.close();
    const post = channel.post('later');
    await ming.outbox.saved();
    await ming.connect();
    expect((await post).id).toBe(1);
  });

  test('waits in memory where there is no store, and fails when the client is closed', async () => {
    const bot = new PokersClient({ url: server.url });
    const post = failureOf(bot.thread(THREAD).post('lost'));
    bot.close();
    expect(await post).toMatchObject({ error: 'closed' });
    expect(waiting(bot)).toEqual(['lost: failed']);
    expect(await failureOf(bot.thread(THREAD).post('never'))).toMatchObject({ error: 'closed' });
    await bot.connect();
    bot.outbox.retry(bot.outbox.entries()[0]?.id ?? '');
    await until(() => stored().length === 1, 'it to be sent after all');
    bot.close();
  });
});

describe('a store that fails', () => {
  /** A disk that is full, a browser that forbids it. */
  const broken = {
    durable: true,
    shared: false,
    read: () => Promise.reject(new Error('forbidden')),
    add: () => Promise.reject(new Error('full')),
    update: () => Promise.reject(new Error('full')),
    remove: () => Promise.reject(new Error('full')),
  };

  test('keeps nothing and stops nothing', async () => {
    const unlucky = new PokersClient({ url: server.url, outbox: broken });
    const early = unlucky.thread(THREAD).post('early');
    await unlucky.outbox.saved();
    expect(unlucky.outbox.entries()).toMatchObject([{ status: 'pending', kept: false }]);
    await unlucky.connect();
    expect((await early).id).toBe(1);
    server.refuses.set('post', { error: 'forbidden', times: 1 });
    await failureOf(unlucky.thread(THREAD).post('refused'));
    unlucky.outbox.retry(unlucky.outbox.entries()[0]?.id ?? '');
    await until(() => unlucky.outbox.entries().length === 0, 'the second try');
    expect(stored()).toEqual(['early', 'refused']);
    unlucky.close();
  });
});

describe('to whom it belongs', () => {
  test('what Ming wrote is not sent as Anna, and goes out when he is back', async () => {
    ming.outbox.open(1);
    const post = failureOf(channel.post('Ming’s secret'));
    await ming.outbox.saved();
    server.user = { id: ANNA, name: 'Anna' };
    await ming.connect();
    expect(await post).toMatchObject({ error: 'closed' });
    await channel.post('Anna’s');
    expect([waiting(), stored()]).toEqual([[], ['Anna’s']]);
    await restart();
    server.user = { id: 1, name: 'Ming' };
    await ming.connect();
    await isEmpty();
    await until(() => stored().length === 2, 'Ming’s post to arrive');
    expect(stored()).toEqual(['Anna’s', 'Ming’s secret']);
  });

  test('what was written for one server is not sent to another', async () => {
    ming.outbox.open(1);
    say('for the first');
    await ming.outbox.saved();
    ming.close();
    const other = new SmallServer();
    ming = arrive(other.url);
    await ming.connect();
    await ming.thread(THREAD).post('for the second');
    expect(other.messages(THREAD).map((message) => message[4])).toEqual(['for the second']);
    ming.close();
    await other.stop();
  });

  test('when a backup is restored, what waits is sent all the same', async () => {
    await ming.connect();
    server.mute.add('post');
    const post = channel.post('said');
    await until(() => server.commandsOf('post').length === 1, 'the post to arrive');
    server.mute.clear();
    server.replace('second');
    server.cut();
    expect((await post).id).toBe(1);
    expect(stored()).toEqual(['said']);
  });
});

describe('a no of the server', () => {
  test('makes a failed entry of it that survives, holds nobody up, and can be tried again', async () => {
    await ming.connect();
    server.refuses.set('post', { error: 'forbidden', times: 1 });
    const [refused] = [failureOf(channel.post('refused')), channel.post('accepted')];
    expect(await refused).toMatchObject({ code: 111, error: 'forbidden' });
    await until(() => stored().length === 1, 'the next to be sent');
    await restart();
    await ming.connect();
    await until(() => ming.outbox.entries().length === 1, 'the failed one to be read');
    expect(ming.outbox.entries()[0]).toMatchObject({ status: 'failed', failure: { error: 'forbidden' } });
    expect(stored()).toEqual(['accepted']);
    ming.outbox.retry(ming.outbox.entries()[0]?.id ?? '');
    await isEmpty();
    expect(stored()).toEqual(['accepted', 'refused']);
    const nonces = server.commandsOf('post').map((command) => command.nonce);
    expect(nonces[0]).toBe(nonces[2] ?? '');
  });

  test('ends with discard(), for good', async () => {
    await ming.connect();
    server.refuses.set('post', { error: 'forbidden', times: 1 });
    await failureOf(channel.post('refused'));
    ming.outbox.discard(ming.outbox.entries()[0]?.id ?? '');
    expect(waiting()).toEqual([]);
    await restart();
    await ming.connect();
    await channel.post('a barrier');
    expect([waiting(), stored()]).toEqual([[], ['a barrier']]);
  });

  for (const error of ['store_unavailable', 'too_many', 'internal'] as const) {
    test(`that will pass (${error}) delays that thread in order, and no other`, async () => {
      await ming.connect();
      let refusals = 0;
      server.delay = async (command) => {
        if (command.action === 'post' && command.thread === 8) server.refuses.delete('post');
      };
      server.refuses.set('post', { error, times: 4 });
      const posts = say('one', 'two');
      ming.on('state', () => refusals++);
      await Promise.all(posts);
      expect([stored(), refusals]).toEqual([['one', 'two'], 0]);
      expect(server.commandsOf('post').map((command) => command.content)).toEqual([
        ...Array(5).fill('one'),
        'two',
      ]);
    });
  }

  test('that is too much at once delays an emoji and a pin, too', async () => {
    await ming.connect();
    server.say(THREAD, ANNA, 'x');
    server.refuses.set('react', { error: 'too_many', times: 2 });
    await channel.react(1, '👍', true);
    expect(server.commandsOf('react')).toHaveLength(3);
    server.refuses.set('pin', { error: 'too_many', times: 2 });
    await channel.pin(1, true);
    expect(server.commandsOf('pin')).toHaveLength(3);
  });

  test('that a limit is reached ends at once', async () => {
    await ming.connect();
    server.say(THREAD, ANNA, 'x');
    server.refuses.set('react', { error: 'limit_reached', times: 1 });
    expect(await failureOf(channel.react(1, '👍', true))).toMatchObject({
      code: 123,
      error: 'limit_reached',
    });
    expect(waiting()).toEqual(['react: failed']);
    expect(server.commandsOf('react')).toHaveLength(1);
  });

  test('that does not pass, ends: the server fails at this entry only', async () => {
    await ming.connect();
    server.refuses.set('react', { error: 'internal', times: Number.POSITIVE_INFINITY });
    server.say(THREAD, ANNA, 'x');
    expect(await failureOf(channel.react(1, '👍', true))).toMatchObject({ error: 'internal' });
    expect(server.commandsOf('react')).toHaveLength(DEFAULTS.faultsOfEntry);
    await channel.post('the next');
  });

  test('to a reading mark is told and forgotten', async () => {
    await ming.connect();
    server.refuses.set('read', { error: 'message_not_found', times: 1 });
    expect(await failureOf(channel.markRead(99))).toMatchObject({ error: 'message_not_found' });
    await channel.post('x');
    expect(await channel.markRead(1)).toBe(0);
  });
});

describe('bounds', () => {
  test('one entry more than a thread may have is refused, and so is one more than all may have', async () => {
    ming.outbox.open(1);
    for (let thread = 1; thread <= 10; thread++)
      for (let i = 0; i < 100; i++) void ignored(ming.thread(thread).post('x'));
    expect(await failureOf(ming.thread(10).post('y'))).toMatchObject({ error: 'too_many' });
    expect(await failureOf(ming.thread(11).post('y'))).toMatchObject({ error: 'too_many' });
    expect(ming.outbox.entries()).toHaveLength(DEFAULTS.outboxEntries);
    await ming.connect();
    await isEmpty();
    for (let thread = 1; thread <= 10; thread++) expect(stored(thread)).toHaveLength(100);
  });

  test('what failed makes room for what is new', async () => {
    await ming.connect();
    server.refuses.set('post', { error: 'forbidden', times: 1_000 });
    for (let i = 0; i < 1_000; i++) void ignored(ming.thread(i + 1).post(`${i}`));
    await until(() => ming.outbox.entries().every((entry) => entry.status === 'failed'), 'all to fail');
    await channel.post('there is room');
    expect(ming.outbox.entries()).toHaveLength(999);
    expect(waiting()[0]).toBe('1: failed');
  });

  test('what waited for two weeks is not sent, unless by hand', async () => {
    ming.outbox.open(1);
    say('old');
    await restart();
    setSystemTime(new Date(Date.now() + 15 * DAY_MS));
    await ming.connect();
    await until(() => waiting()[0] === 'old: failed', 'the old one to fail');
    expect(ming.outbox.entries()[0]?.failure).toMatchObject({ error: 'too_old' });
    await channel.post('new');
    expect(stored()).toEqual(['new']);
    ming.outbox.retry(ming.outbox.entries()[0]?.id ?? '');
    await isEmpty();
    expect(stored()).toEqual(['new', 'old']);
  });
});

describe('the line is cut', () => {
  const moments = ['before it is sent', 'before it is carried out', 'before the answer', 'after the answer'];
  for (const [when, moment] of moments.entries()) {
    for (const restarts of [false, true]) {
      test(`${moment}${restarts ? ', and the program with it' : ''}: everything is there once, in order`, async () => {
        server.say(THREAD, 1, 'first');
        await ming.connect();
        let cut = false;
        const hang = (): void => {
          if (cut) return;
          cut = true;
          server.cut();
        };
        if (when === 1) server.mute.add('post').add('edit');
        if (when === 2) server.delay = async ({ action }) => void (action === 'post' && hang());
        if (when === 3) server.delay = async ({ action }) => void (action === 'post' && setTimeout(hang, 0));
        say('a', 'b');
        void ignored(channel.edit(1, 'first, edited'));
        say('c');
        void ignored(channel.react(1, '👍', true));
        if (when === 0) hang();
        if (when === 1) {
          await until(() => server.commandsOf('post').length === 1, 'the first to arrive');
          server.mute.clear();
          hang();
        }
        await until(() => cut, 'the line to be cut');
        if (restarts) {
          await restart();
          await ming.connect();
        }
        await isEmpty();
        await until(() => stored().length === 4, 'all to be stored');
        expect(stored()).toEqual(['first, edited', 'a', 'b', 'c']);
        await channel.open();
        expect(channel.messages[0]?.reactions).toEqual([{ emoji: '👍', count: 1, users: [1] }]);
        expect(server.seq(THREAD)).toBe(6);
      });
    }
  }

  test('at any time, again and again: each of three threads has each post once and in order', async () => {
    await ming.connect();
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let cuts = 0;
    server.delay = async () => {
      if (random(12) === 0 && cuts++ < 40) server.cut();
    };
    const expected: string[][] = [[], [], []];
    for (let i = 0; i < 150; i++) {
      const thread = random(3);
      expected[thread]?.push(`post ${i}`);
      void ignored(ming.thread(100 + thread).post(`post ${i}`));
      if (random(40) === 0) await restart().then(() => ignored(ming.connect()));
      else if (random(6) === 0) await Bun.sleep(random(5));
    }
    await isEmpty();
    expect(cuts).toBeGreaterThan(5);
    expect([stored(100), stored(101), stored(102)]).toEqual(expected);
  });
});
