import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Change } from '@pokers/protocol/message';
import { failureOf } from '../../actors/failure.ts';
import { Expected } from './expected.ts';
import { Ledger, type Outcome } from './ledger.ts';
import { LyingServer } from './lying-server.ts';
import { Observer } from './observer.ts';
import { ThreadLog } from './thread-log.ts';
import { verify } from './verify.ts';

const PERSON = { id: 1, name: 'Ming', email: '', password: '', token: 'any', cookie: '' };

const change = (seq: number, id = seq, content: string | 0 = `text ${id}`): Change => [
  seq,
  id,
  1,
  0,
  content,
];

describe('an observer finds out a server', () => {
  let server: LyingServer;
  let log: ThreadLog;
  let found: PromiseWithResolvers<unknown>;
  beforeEach(() => {
    server = new LyingServer();
    log = new ThreadLog(1);
    found = Promise.withResolvers();
  });
  afterEach(() => server.stop());

  const observe = async (name = 'Lily'): Promise<Observer> => {
    const observer = new Observer(name, PERSON, [log], found.resolve);
    expect(await observer.connect(server.url)).toBe(true);
    return observer;
  };

  test('that leaves a change out', async () => {
    await observe();
    server.tell(0, [change(1)]);
    server.tell(0, [change(3)]);
    expect(String(await found.promise)).toContain('a gap');
  });

  test('that tells a change twice', async () => {
    await observe();
    server.tell(0, [change(1)]);
    server.tell(0, [change(1)]);
    expect(String(await found.promise)).toContain('came again');
  });

  test('that tells two people two orders', async () => {
    await observe('Lily');
    await observe('Wang');
    server.tell(0, [change(1, 8), change(2, 9)]);
    server.tell(1, [change(1, 9), change(2, 8)]);
    expect(String(await found.promise)).toContain('has two changes 1');
  });

  test('that changes what it said, after a reconnect', async () => {
    await observe('Lily');
    server.tell(0, [change(1)]);
    await Bun.sleep(20);
    server.changes = [change(1, 1, 'other')];
    server.seq = 1;
    const back = new Observer('Wang', PERSON, [log], found.resolve);
    expect(String(await failureOf(back.connect(server.url)))).toContain('has two changes 1');
  });

  test('whose resume leaves out what others saw', async () => {
    await observe();
    server.tell(0, [change(1), change(2), change(3)]);
    await Bun.sleep(20);
    server.changes = [change(1), change(3)];
    server.seq = 3;
    const late = new Observer('Wang', PERSON, [log], found.resolve);
    expect(String(await failureOf(late.connect(server.url)))).toContain('left out change 2');
  });

  test('whose resume does not reach what the join promised', async () => {
    server.seq = 2;
    server.seqOfPages = 1;
    const observer = new Observer('Lily', PERSON, [log], found.resolve);
    expect(String(await failureOf(observer.connect(server.url)))).toContain('resume ended before 2');
  });

  test('and believes one that is honest, repaired holes included', async () => {
    const observer = await observe();
    server.tell(0, [change(1)]);
    server.tell(0, [change(3, 2), change(4, 3)], 1);
    server.tell(0, [change(5, 1, 0)]);
    await Bun.sleep(20);
    expect(observer.seqOf(1)).toBe(5);
    expect([...observer.messagesOf(1).values()]).toEqual([change(5, 1, 0), change(3, 2), change(4, 3)]);
  });
});

describe('the end is not good when', () => {
  const story = () => {
    const ledger = new Ledger();
    const expected = new Expected();
    const post = (id: number, seq: number, sentAt: number, at: number) => {
      const command = { action: 'post', thread: 1, content: `text ${id}`, nonce: `n${id}` } as const;
      const outcome: Outcome = { ok: true, id, seq, at, effects: 1 };
      ledger.entries.push({ thread: 1, by: 1, command, sentAt, attempts: 1, outcome });
      expected.posted(id, 1, 1, command.content);
    };
    const judge = (seq: number, ...changes: Change[]) =>
      verify(ledger, expected, [], new Map([[1, { seq, messages: new Map(changes.map((c) => [c[1], c])) }]]));
    return { ledger, expected, post, judge };
  };

  test('an answered post is not there', () => {
    const { post, judge } = story();
    post(1, 1, 0, 1);
    post(2, 2, 2, 3);
    expect(() => judge(2, change(1))).toThrow('lost');
    expect(judge(2, change(1), change(2))).toMatchObject({ posts: 2, changes: 0 });
  });

  test('a post is there twice', () => {
    const { post, judge } = story();
    post(1, 1, 0, 1);
    expect(() => judge(2, change(1), change(2, 2, 'text 1'))).toThrow('2 messages for 1');
  });

  test('there is one change more than commands', () => {
    const { post, judge } = story();
    post(1, 1, 0, 1);
    expect(() => judge(2, change(2, 1))).toThrow('2 changes for 1 effective');
  });

  test('what was answered first does not stand first', () => {
    const { post, judge } = story();
    post(1, 2, 0, 1);
    post(2, 1, 5, 6);
    expect(() => judge(2, change(2, 1), change(1, 2))).toThrow('was answered before');
  });

  test('a reaction, a pin or a text is not what it was made', () => {
    const { expected, post, judge } = story();
    post(1, 1, 0, 1);
    const with_ = (extra: object): Change => [1, 1, 1, 0, 'text 1', extra];
    expect(() => judge(1, with_({ re: [['👍', 1, [1]]] }))).toThrow('other reactions');
    expect(() => judge(1, with_({ pin: 5 }))).toThrow('pinned or not');
    expected.changed({ action: 'edit', message: 1, content: 'new', nonce: 'e' }, 1);
    expect(() => judge(1, change(1))).toThrow('another text');
  });

  test('a command has no answer', () => {
    const { ledger, judge } = story();
    ledger.sent(1, 1, { action: 'delete', message: 1, nonce: 'd' });
    expect(() => judge(0)).toThrow('not answered');
  });
});
