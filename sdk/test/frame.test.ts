import { describe, expect, test } from 'bun:test';
import type { Reply, ServerFrame } from '@pokers/protocol/v2';
import { EVENTS, REPLIES } from '@pokers/protocol/v2';
import { decodeFrame, MalformedFrame } from '../src/frame.ts';

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
  { op: 'read', ref: 11, thread: 7, unread: 0 },
  { op: 'ping' },
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
    expect(decodeFrame('{"op":"typing","t":7}')).toBeUndefined();
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
