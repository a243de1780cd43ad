import { afterEach, beforeEach, describe, expect, spyOn, test } from 'bun:test';
import { comeBackReason } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import { DEFAULTS } from '../src/defaults.ts';
import { type ConnectionState, PokersClient, PokersError } from '../src/index.ts';
import { SmallServer } from './small-server.ts';
import { until } from './until.ts';

const THREAD = 7;

let server: SmallServer;
let ming: PokersClient;

beforeEach(() => {
  server = new SmallServer();
  ming = new PokersClient({ url: server.url, backoff: { minMs: 4, maxMs: 20 } });
});

afterEach(async () => {
  ming.close();
  await server.stop();
});

const failure = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

describe('connecting', () => {
  test('Ming connects and learns who he is', async () => {
    const states: ConnectionState[] = [];
    ming.on('state', (state) => states.push(state));
    expect([ming.state, ming.user, ming.epoch]).toEqual(['idle', undefined, undefined]);
    await ming.connect();
    expect(states).toEqual(['connecting', 'connected']);
    expect([ming.user, ming.epoch]).toEqual([{ id: 1, name: 'Ming' }, 'first']);
    await ming.connect();
    expect(server.dials).toBe(1);
  });

  test('a bot says hello with its token', async () => {
    const bot = new PokersClient({ url: server.url, token: 'secret' });
    await bot.connect();
    bot.close();
    expect(server.commandsOf('hello')[0]?.token).toBe('secret');
  });

  test('a url that is none is refused at once', () => {
    expect(() => new PokersClient({ url: 'nonsense' })).toThrow(TypeError);
  });

  test('while nobody answers, Ming waits for the next try, and knows when it is', async () => {
    const patient = new PokersClient({
      url: 'http://localhost:1',
      backoff: { minMs: 60_000, maxMs: 60_000 },
      random: () => 1,
    });
    const connecting = failure(patient.connect());
    await until(() => patient.state === 'waiting', 'the first try to fail');
    expect(Math.abs((patient.retryAt ?? 0) - Date.now() - 60_000)).toBeLessThan(1_000);
    const tries: ConnectionState[] = [];
    patient.on('state', (state) => tries.push(state));
    patient.retryNow();
    await until(() => tries.length === 2, 'the second try to fail');
    expect(tries).toEqual(['connecting', 'waiting']);
    patient.close();
    expect(await connecting).toMatchObject({ code: 0, error: 'closed' });
    expect([patient.state, patient.retryAt]).toEqual(['closed', undefined]);
  });

  test('without a session connect() fails and there is no second try', async () => {
    server.closesWith = 4101;
    const closes: unknown[] = [];
    ming.on('closed', (code) => closes.push(code));
    const error = await failure(ming.connect());
    expect(error).toBeInstanceOf(PokersError);
    expect(error).toMatchObject({ code: 4101, error: 'sign_in_required' });
    expect([ming.state, closes, server.dials]).toEqual(['closed', [4101], 1]);
    server.closesWith = undefined;
    await ming.connect();
    expect(ming.state).toBe('connected');
  });

  test('a hello that is refused for want of a session is the same', async () => {
    server.refuses.set('hello', { error: 'sign_in_required', times: 1 });
    expect(await failure(ming.connect())).toMatchObject({ code: 4101, error: 'sign_in_required' });
  });

  test('a hello that the server cannot answer right now is said again', async () => {
    server.refuses.set('hello', { error: 'store_unavailable', times: 2 });
    await ming.connect();
    expect(server.dials).toBe(3);
  });
});

describe('lines that break', () => {
  test('Ming is back by himself', async () => {
    await ming.connect();
    server.cut();
    await until(() => server.dials === 2 && ming.state === 'connected', 'Ming to be back');
  });

  test('a close code decides whether to come back', async () => {
    await ming.connect();
    server.closeAll(4000);
    await until(() => server.dials === 2 && ming.state === 'connected', 'Ming to be back');
    server.closeAll(1009);
    await until(() => ming.state === 'closed', 'Ming to give up');
    expect(server.dials).toBe(2);
  });

  test('a server that restarts says when to come back', async () => {
    await ming.connect();
    const waiting = new Promise<number>((resolve) => {
      ming.on('state', (state) => state === 'waiting' && resolve((ming.retryAt ?? 0) - Date.now()));
    });
    server.closeAll(4000, comeBackReason(5_000));
    expect(Math.abs((await waiting) - 5_000)).toBeLessThan(1_000);
    ming.retryNow();
    await until(() => ming.state === 'connected', 'Ming to be back');
  });

  for (const frame of ['{"op":', '{}', '{"op":"ev","t":7,"e":[[1]]}']) {
    test(`the malformed frame ${frame} breaks the line and nothing else`, async () => {
      await ming.connect();
      server.send(frame);
      await until(() => server.dials === 2 && ming.state === 'connected', 'Ming to be back');
      await until(() => server.connections === 1, 'the first line to be closed');
    });
  }

  test('frames that Ming does not know are passed over', async () => {
    await ming.connect();
    server.send('{"op":"dancing","t":7}');
    server.send('{"op":"error","code":199,"error":"internal","msg":"to nobody"}');
    server.send('{"op":"join","ref":99999,"thread":1,"seq":1}');
    server.send('{"op":"ev","t":99,"e":[[1,1,1,0,"not joined"]]}');
    await ming.thread(THREAD).post('a barrier');
    expect(server.dials).toBe(1);
  });

  test('after close() nothing is dialled any more', async () => {
    await ming.connect();
    ming.close();
    ming.close();
    await until(() => server.connections === 0, 'the server to see the end');
    ming.retryNow();
    expect([ming.state, server.dials]).toEqual(['closed', 1]);
  });

  test('a listener that throws disturbs nobody', async () => {
    const complaints = spyOn(console, 'error').mockImplementation(() => {});
    const heard: string[] = [];
    ming.on('state', () => {
      throw new Error('a bug of the application');
    });
    const unsubscribe = ming.on('state', (state) => heard.push(state));
    await ming.connect();
    unsubscribe();
    server.cut();
    await until(() => server.dials === 2 && ming.state === 'connected', 'Ming to be back');
    ming.close();
    expect(heard).toEqual(['connecting', 'connected']);
    expect(complaints).toHaveBeenCalled();
    complaints.mockRestore();
  });
});

/** As in a browser, which says so of the network. Bun has the events already, but no `window`. */
describe('a browser that loses the network', () => {
  beforeEach(() => {
    Object.assign(globalThis, { window: globalThis });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'window');
  });
  const tell = (event: 'online' | 'offline') => globalThis.dispatchEvent(new Event(event));

  test('drops the line at once, waits, and dials when the network is back', async () => {
    const patient = new PokersClient({
      url: server.url,
      backoff: { minMs: 60_000, maxMs: 60_000 },
      random: () => 1,
    });
    await patient.connect();
    tell('offline');
    expect(patient.state).toBe('waiting');
    expect(Math.abs((patient.retryAt ?? 0) - Date.now() - 60_000)).toBeLessThan(1_000);
    await until(() => server.connections === 0, 'the server to see the end');
    tell('offline');
    expect(patient.state).toBe('waiting');
    tell('online');
    expect(patient.state).toBe('connecting');
    await until(() => patient.state === 'connected', 'the line to be back');
    patient.close();
    tell('offline');
    expect([patient.state, server.dials]).toEqual(['closed', 2]);
  });

  test('still tries by itself: the server may be on the same machine', async () => {
    await ming.connect();
    tell('offline');
    await until(() => server.dials === 2 && ming.state === 'connected', 'Ming to be back');
  });
});

describe('posts', () => {
  test('Ming’s post is answered with what was stored', async () => {
    await ming.connect();
    const posted = await ming.thread(THREAD).post('hello');
    expect(posted).toEqual({ id: 1, seq: 1, date: 1_700_000_001 });
    expect(server.messages(THREAD)).toHaveLength(1);
  });

  test('a post before the connection goes out with it', async () => {
    const post = ming.thread(THREAD).post('early');
    await ming.connect();
    expect((await post).id).toBe(1);
  });

  test('a post whose answer is lost with the line goes out again and is stored once', async () => {
    await ming.connect();
    server.mute.add('post');
    const posts = [ming.thread(THREAD).post('one'), ming.thread(THREAD).post('two')];
    await until(() => server.commandsOf('post').length === 1, 'the first post to arrive');
    server.mute.clear();
    // Stored, and the line breaks before the answer: twice.
    let cuts = 0;
    server.delay = async (command) => {
      if (command.action === 'post' && cuts++ < 2) server.cut();
    };
    server.cut();
    const stored = await Promise.all(posts);
    expect(stored.map((post) => post.id)).toEqual([1, 2]);
    expect(server.messages(THREAD).map((message) => message[4])).toEqual(['one', 'two']);
    expect(cuts).toBeGreaterThan(2);
    expect(new Set(server.commandsOf('post').map((command) => command.nonce)).size).toBe(2);
  });

  test('posts go out in order, far more of them than may be unanswered at once', async () => {
    await ming.connect();
    const channel = ming.thread(THREAD);
    const posts = Array.from({ length: 100 }, (_, i) => channel.post(`post ${i}`));
    expect(await failure(channel.post('one too many'))).toMatchObject({ error: 'too_many' });
    expect((await Promise.all(posts)).map((post) => post.id)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    await channel.post('there is room again');
    const nonces = new Set(server.commandsOf('post').map((command) => command.nonce));
    expect(nonces.size).toBe(101);
  });

  test('no more is unanswered than the server lets wait; one answer makes room for one', async () => {
    await ming.connect();
    server.mute.add('post');
    for (let i = 0; i < 100; i++) void failure(ming.thread(1_000 + i).post(`post ${i}`));
    await until(() => server.commandsOf('post').length >= DEFAULTS.unanswered, 'the posts to arrive');
    const ref = server.commandsOf('post')[0]?.ref;
    server.send({ op: 'post', ref, id: 1, seq: 1, date: 1 });
    await until(() => server.commandsOf('post').length > DEFAULTS.unanswered, 'the next post');
    expect(server.commandsOf('post')).toHaveLength(DEFAULTS.unanswered + 1);
    expect(DEFAULTS.unanswered).toBeLessThan(LIMITS.waitingCommands);
  });

  test('a no of the server is told, and the next post goes out', async () => {
    await ming.connect();
    server.refuses.set('post', { error: 'thread_not_found', times: 1 });
    expect(await failure(ming.thread(THREAD).post('x'))).toMatchObject({
      code: 102,
      error: 'thread_not_found',
    });
    await ming.thread(THREAD).post('y');
  });

  test('blank and endless posts are refused without asking', async () => {
    await ming.connect();
    expect(await failure(ming.thread(THREAD).post(' \n '))).toMatchObject({ error: 'bad_request' });
    expect(await failure(ming.thread(THREAD).post('字'.repeat(8_001)))).toMatchObject({ error: 'too_long' });
    await ming.thread(THREAD).post('😀'.repeat(8_000));
    expect(server.commandsOf('post')).toHaveLength(1);
  });

  test('leaving a thread does not take back what was said in it', async () => {
    await ming.connect();
    const channel = ming.thread(THREAD);
    await channel.open();
    const post = channel.post('last words');
    channel.leave();
    expect((await post).id).toBe(1);
  });

  test('when Ming closes, what waits is rejected, and so is what comes after', async () => {
    server.mute.add('post');
    await ming.connect();
    const post = failure(ming.thread(THREAD).post('x'));
    ming.close();
    expect(await post).toMatchObject({ code: 0, error: 'closed' });
    expect(await failure(ming.thread(THREAD).post('y'))).toMatchObject({ error: 'closed' });
  });
});
