import { describe, expect, test } from 'bun:test';
import { deflateRawSync } from 'node:zlib';
import { encodeLeanEvents, fromLeanEvent } from '@pokers/protocol/lean';
import type { Change } from '@pokers/protocol/message';
import type { Reply, ServerFrame } from '@pokers/protocol/v2';
import { EVENTS, REPLIES } from '@pokers/protocol/v2';
import fc from 'fast-check';
import { failureOf } from '../../test/actors/failure.ts';
import { decodeFrame, MalformedFrame } from '../src/frame.ts';
import { canInflate, inflate } from '../src/inflate.ts';

const sound: ServerFrame[] = [
  { op: 'hello', ref: 1, user: 1, name: 'Ming', epoch: 'e', time: 1 },
  { op: 'join', ref: 2, thread: 7, seq: 0 },
  { op: 'leave', thread: 7 },
  { op: 'post', ref: 3, id: 1, seq: 1, date: 0 },
  {
    op: 'history',
    ref: 4,
    thread: 7,
    messages: [[1, 1, 1, 0, 'hi']],
    names: { 1: 'Ming' },
    more: false,
    seq: 1,
  },
  { op: 'resume', ref: 5, thread: 7, changes: [[1, 1, 1, 0, 0, { ed: 5 }]], names: {}, more: true, seq: 1 },
  { op: 'edit', ref: 7, id: 1, seq: 2 },
  { op: 'delete', ref: 8, id: 1, seq: 2 },
  { op: 'react', ref: 9, id: 1, seq: 2 },
  { op: 'pin', ref: 10, id: 1, seq: 2 },
  { op: 'read', ref: 11, thread: 7, unread: 0, mentions: 0 },
  { op: 'star', ref: 12, message: 1, on: true },
  { op: 'seen', thread: 7, message: 1, unread: 2, mentions: 1 },
  { op: 'starred', message: 1, on: false },
  { op: 'ev', t: 7, e: [[3, 2, 1, 0, 'hi', { to: 1, at: [0, 5] }]] },
  { op: 'ping' },
  { op: 'watch', ref: 14, on: true },
  { op: 'typing', ref: 15, thread: 7 },
  { op: 'presence', ref: 16, class: 3, here: [1, 2], count: 2 },
  { op: 'news', threads: [[3, 7, 12, 0]] },
  { op: 'typists', t: 7, u: [[1, 'Ming']] },
  { op: 'here', class: 3, came: [1], left: [] },
  { op: 'ev', t: 7, e: [[2, 1, 1, 0, 'hi', { pin: 5, re: [['👍', 2, [1, 2]]] }]] },
  { op: 'ev', t: 7, e: [[1, 1, 1, 0, '', { img: '/i.png', file: { url: '/f', name: 'f', size: 3 } }]], s: 0 },
  { op: 'error', ref: 6, code: 102, error: 'thread_not_found', msg: 'no' },
];

describe('frames that the protocol has', () => {
  for (const frame of sound) {
    test(`"${frame.op}" is read, as the schema of the wire reads it`, () => {
      expect({ ...REPLIES, ...EVENTS }[frame.op].safeParse(frame).success).toBe(true);
      expect(decodeFrame(JSON.stringify(frame))).toEqual(frame);
    });
  }

  test('a frame of a newer server with an unknown op is passed over', () => {
    expect(decodeFrame('{"op":"dancing","t":7}')).toBeUndefined();
    expect(decodeFrame('{"op":"constructor"}')).toBeUndefined();
  });
});

describe('frames that the protocol does not have', () => {
  const history: Reply<'history'> = {
    op: 'history',
    thread: 7,
    messages: [],
    names: {},
    more: false,
    seq: 1,
  };
  const ev = (e: unknown, more: object = {}) => ({ op: 'ev', t: 7, e, ...more });
  const broken: [string, unknown][] = [
    ['bytes', new Uint8Array([1])],
    ['no JSON', '{"op":'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no op', '{}'],
    ['an op that is no text', '{"op":1}'],
    ['a ref that is no number', { op: 'ping', ref: 'x' }],
    ['a hello without an epoch', { op: 'hello', user: 1, name: 'Ming' }],
    ['a join without a seq', { op: 'join', thread: 7 }],
    ['an event without changes', ev([])],
    ['an event whose changes are no list', ev('x')],
    ['a change that is too short', ev([[1, 1, 1, 0]])],
    ['a change of a message without id', ev([[1, 0, 1, 0, 'x']])],
    ['a change whose content is a number', ev([[1, 1, 1, 0, 5]])],
    ['a change whose file has no url', ev([[1, 1, 1, 0, 'x', { file: {} }]])],
    ['a pin that is no time', ev([[1, 1, 1, 0, 'x', { pin: 'x' }]])],
    ['reactions that are no list', ev([[1, 1, 1, 0, 'x', { re: 5 }]])],
    ['a reaction that does not say who', ev([[1, 1, 1, 0, 'x', { re: [['👍', 1]] }]])],
    ['an edit without a seq', { op: 'edit', id: 1 }],
    ['news of no thread', { op: 'news', threads: 7 }],
    ['someone who types and has no name', { op: 'typists', t: 7, u: [[1]] }],
    ['people who come and are no list', { op: 'here', class: 3, came: 1, left: [] }],
    ['a read without a count', { op: 'read', thread: 7 }],
    [
      'changes that are out of order',
      ev([
        [2, 2, 1, 0, 'x'],
        [1, 1, 1, 0, 'x'],
      ]),
    ],
    ['a since that is negative', ev([[1, 1, 1, 0, 'x']], { s: -1 })],
    ['a page whose names are a list', { ...history, names: [] }],
    ['a page with a name that is no text', { ...history, names: { 1: 1 } }],
    ['a page that does not say whether there is more', { ...history, more: undefined }],
    ['an error without a name', { op: 'error', code: 1, msg: 'x' }],
  ];
  for (const [what, frame] of broken) {
    test(`${what} is malformed`, () => {
      const data = typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
      expect(() => decodeFrame(data)).toThrow(MalformedFrame);
    });
  }
});

describe('the lean form', () => {
  test('steps follow from the change before', () => {
    const changes = [
      [412, 90210, 12, 1_780_000_000, 'one'],
      [5, 'two'],
      [12, 'three', 3],
      [5, '', 1, 2, { img: '/i' }],
      [5, 0, -4, -9],
    ];
    expect(decodeFrame(JSON.stringify([7, ...changes]))).toEqual({
      op: 'ev',
      t: 7,
      e: [
        [412, 90210, 12, 1_780_000_000, 'one'],
        [413, 90211, 5, 1_780_000_000, 'two'],
        [414, 90214, 12, 1_780_000_000, 'three'],
        [415, 90215, 5, 1_780_000_002, '', { img: '/i' }],
        [416, 90211, 5, 1_779_999_993, 0],
      ],
    });
  });

  test('whatever changes there are, they come out as they went in', () => {
    const id = fc.integer({ min: 1, max: 2 ** 50 });
    const change = fc.tuple(
      fc.boolean(), // whether the change before it is the one that its seq follows
      id,
      id,
      fc.integer({ min: 0, max: 2 ** 33 }),
      fc.oneof(fc.string(), fc.constant(0 as const)),
      fc.option(fc.record({ ed: fc.nat() }), { nil: undefined }),
    );
    fc.assert(
      fc.property(fc.array(change), (drawn) => {
        let seq = 0;
        const changes = drawn.map(([follows, id, speaker, date, content, extra]): Change => {
          seq += follows ? 1 : 3;
          return extra ? [seq, id, speaker, date, content, extra] : [seq, id, speaker, date, content];
        });
        const event = { op: 'ev', t: 7, e: changes } as const;
        expect(fromLeanEvent(JSON.parse(encodeLeanEvents(7, changes)))).toEqual(event);
        expect(fromLeanEvent(JSON.parse(encodeLeanEvents(7, changes, 5)))).toEqual({ ...event, s: 5 });
      }),
    );
  });

  for (const [what, e] of [
    ['a step that follows nothing', [[5, 'x']]],
    [
      'a step to an id below 1',
      [
        [2, 2, 1, 0, 'x'],
        [5, 'y', -2],
      ],
    ],
    [
      'a step that is no number',
      [
        [2, 2, 1, 0, 'x'],
        [5, 'y', 'z'],
      ],
    ],
    [
      'a step with an extra that is none',
      [
        [2, 2, 1, 0, 'x'],
        [5, 'y', 1, 0, 7],
      ],
    ],
    [
      'a step of nobody',
      [
        [2, 2, 1, 0, 'x'],
        [null, 'y'],
      ],
    ],
  ] as const) {
    test(`${what} is malformed`, () => {
      expect(() => decodeFrame(JSON.stringify([7, ...e]))).toThrow(MalformedFrame);
    });
  }

  const bytesOf = (text: string): ArrayBuffer => Uint8Array.from(deflateRawSync(text)).buffer;

  test('a deflated frame inflates to its text', async () => {
    expect(canInflate()).toBe(true);
    const text = JSON.stringify({ op: 'ping', x: '第42页'.repeat(5_000) });
    expect(await inflate(bytesOf(text))).toBe(text);
  });

  test('what does not inflate, or to too much, is malformed', async () => {
    expect(await failureOf(inflate(new Uint8Array([255, 1, 2]).buffer))).toBeInstanceOf(MalformedFrame);
    const cut = bytesOf('hello '.repeat(1_000)).slice(0, 10);
    expect(await failureOf(inflate(cut))).toBeInstanceOf(MalformedFrame);
    expect(await failureOf(inflate(bytesOf('x'.repeat(17 * 1024 * 1024))))).toBeInstanceOf(MalformedFrame);
  });
});
