import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LIMITS } from '@pokers/protocol/limits';
import { isNewsOfClass } from '../../actors/socket-client.ts';
import { openRaw } from './handshake.ts';
import { type FrameParts, frameOf, OPCODES } from './raw-socket.ts';
import { Stage } from './stage.ts';

const { continuation, text, binary, close, ping, pong } = OPCODES;

const PING = '{"action":"ping","ref":7}';
const PONG = '{"op":"ping","ref":7}';
/** A ping with a character of four bytes in it, which are torn apart after the second. */
const WIDE = Buffer.from('{"action":"😀","ref":7}');
const TORN = WIDE.indexOf(0xf0) + 2;

type Piece = FrameParts | Uint8Array;

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const bytesOf = (piece: Piece): Uint8Array => (piece instanceof Uint8Array ? piece : frameOf(piece));
const closeWith = (code: number, reason: string | Uint8Array = ''): Buffer =>
  Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as Uint8Array)]);
const split = (payload: string, sizes: number): FrameParts[] => {
  const parts = Array.from({ length: Math.ceil(payload.length / sizes) }, (_, index) =>
    payload.slice(index * sizes, (index + 1) * sizes),
  );
  return parts.map((part, index) => ({
    opcode: index === 0 ? text : continuation,
    payload: part,
    fin: index === parts.length - 1,
  }));
};

describe('a frame that RFC 6455 forbids closes its connection, unheard', () => {
  const forbidden: readonly [what: string, code: number, ...pieces: Piece[]][] = [
    ['an unmasked text', 1002, { opcode: text, payload: PING, masked: false }],
    ['an unmasked ping', 1002, { opcode: ping, payload: 'x', masked: false }],
    ...[1, 2, 4, 7].map((reserved): [string, number, Piece] => [
      `reserved bits ${reserved}`,
      1002,
      { opcode: text, payload: PING, reserved },
    ]),
    ['reserved bits of a control frame', 1002, { opcode: ping, payload: 'x', reserved: 4 }],
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, number, Piece] => [
      `the unknown opcode ${opcode}`,
      1002,
      { opcode, payload: PING },
    ]),
    ['a continuation of nothing', 1002, { opcode: continuation, payload: PING }],
    [
      'a new message inside a fragmented one',
      1002,
      { opcode: text, payload: PING.slice(0, 5), fin: false },
      { opcode: text, payload: PING },
      { opcode: continuation, payload: PING.slice(5) },
    ],
    ['a ping of 126 bytes', 1002, { opcode: ping, payload: 'x'.repeat(126) }],
    ['a pong of 126 bytes', 1002, { opcode: pong, payload: 'x'.repeat(126) }],
    ['a close of 126 bytes', 1002, { opcode: close, payload: closeWith(1000, 'x'.repeat(124)) }],
    ['a fragmented ping', 1002, { opcode: ping, payload: 'x', fin: false }, { opcode: continuation }],
    ['a fragmented close', 1002, { opcode: close, payload: closeWith(1000), fin: false }],
    ['half a close code', 1002, { opcode: close, payload: Uint8Array.of(3) }],
    ...[0, 999, 1004, 1005, 1006, 1015, 5000, 65535].map((code): [string, number, Piece] => [
      `the close code ${code}`,
      1002,
      { opcode: close, payload: closeWith(code) },
    ]),
    [
      'a close reason that is no UTF-8',
      1007,
      { opcode: close, payload: closeWith(1000, Uint8Array.of(0xff)) },
    ],
    ['a byte that no UTF-8 has', 1007, { opcode: text, payload: Uint8Array.of(0x7b, 0xff, 0x7d) }],
    ['an overlong slash', 1007, { opcode: text, payload: Uint8Array.of(0xc0, 0xaf) }],
    ['half a surrogate pair', 1007, { opcode: text, payload: Uint8Array.of(0xed, 0xa0, 0x80) }],
    ['a character beyond Unicode', 1007, { opcode: text, payload: Uint8Array.of(0xf4, 0x90, 0x80, 0x80) }],
    ['a text that ends inside a character', 1007, { opcode: text, payload: WIDE.subarray(0, TORN) }],
    [
      'a character that the next fragment does not end',
      1007,
      { opcode: text, payload: WIDE.subarray(0, TORN), fin: false },
      { opcode: continuation, payload: PING },
    ],
    [
      'a header alone that announces too much',
      1009,
      frameOf({ opcode: text, length: LIMITS.frameBytes + 1 }),
    ],
    ['a header alone that announces 8 PiB', 1009, frameOf({ opcode: text, length: 2 ** 53 - 1 })],
    [
      'fragments that are too much together',
      1009,
      ...Array.from(
        { length: 9 },
        (_, index): Piece => ({
          opcode: index === 0 ? text : continuation,
          payload: ' '.repeat(LIMITS.frameBytes / 8),
          fin: false,
        }),
      ),
    ],
  ];
  for (const [what, code, ...pieces] of forbidden) {
    test(`${what}: ${code}`, async () => {
      const socket = await openRaw(stage.port, stage.ming.token);
      const before = socket.frames().length;
      await socket.write(...pieces.map(bytesOf));
      expect(await socket.closes()).toBe(true);
      expect(socket.closeCode).toBe(code);
      const answers = socket
        .frames()
        .slice(before)
        .filter((frame) => !isNewsOfClass(frame.text));
      expect(answers).toEqual([expect.objectContaining({ opcode: close })]);
    });
  }

  test('a length whose highest bit is set', async () => {
    const socket = await openRaw(stage.port, stage.ming.token);
    const frame = frameOf({ opcode: text, payload: PING, lengthBits: 64 });
    frame[2] = 0x80;
    await socket.write(frame);
    expect(await socket.closes()).toBe(true);
  });
});

describe('what RFC 6455 allows works', () => {
  const allowed: readonly [what: string, ...pieces: Piece[]][] = [
    ['one frame', { opcode: text, payload: PING }],
    ['two fragments', ...split(PING, 12)],
    ['a fragment for each byte', ...split(PING, 1)],
    [
      'empty fragments',
      { opcode: text, fin: false },
      { opcode: continuation, fin: false },
      { opcode: continuation, payload: PING, fin: false },
      { opcode: continuation },
    ],
    [
      'control frames between fragments',
      ...split(PING, 2).flatMap((fragment): Piece[] => [
        fragment,
        ...(fragment.fin
          ? []
          : [
              { opcode: ping, payload: 'between' },
              { opcode: pong, payload: 'unasked' },
            ]),
      ]),
    ],
    [
      'a frame that comes byte by byte',
      ...Array.from(frameOf({ opcode: text, payload: PING }), (byte) => Uint8Array.of(byte)),
    ],
    ['a length in 16 bits that 7 would hold', { opcode: text, payload: PING, lengthBits: 16 }],
    ['a length in 64 bits that 7 would hold', { opcode: text, payload: PING, lengthBits: 64 }],
    ['a frame of the largest size', { opcode: text, payload: PING.padEnd(LIMITS.frameBytes) }],
    ['a largest message in fragments', ...split(PING.padEnd(LIMITS.frameBytes), LIMITS.frameBytes / 4)],
  ];
  for (const [what, ...pieces] of allowed) {
    test(what, async () => {
      const socket = await openRaw(stage.port, stage.ming.token);
      await socket.write(...pieces.map(bytesOf));
      expect(await socket.frame(({ text }) => text === PONG)).toBeDefined();
      expect(socket.isClosed).toBe(false);
      socket.destroy();
    });
  }

  test('a character that is torn apart by fragments is whole again', async () => {
    const socket = await openRaw(stage.port, stage.ming.token);
    await socket.write(
      frameOf({ opcode: text, payload: WIDE.subarray(0, TORN), fin: false }),
      frameOf({ opcode: continuation, payload: WIDE.subarray(TORN) }),
    );
    const answer = await socket.frame(({ text }) => text.includes('"ref":7'));
    expect(answer?.text).toContain('unknown_action');
    socket.destroy();
  });

  test('a ping is answered with its own bytes, up to 125 of them', async () => {
    const socket = await openRaw(stage.port, stage.ming.token);
    for (const payload of ['', 'hi', 'x'.repeat(125)]) {
      await socket.write(frameOf({ opcode: ping, payload }));
      expect(await socket.frame((frame) => frame.opcode === pong && frame.text === payload)).toBeDefined();
    }
    socket.destroy();
  });

  test('a binary message is refused in words, and the connection goes on', async () => {
    const socket = await openRaw(stage.port, stage.ming.token);
    await socket.write(frameOf({ opcode: binary, payload: PING }));
    expect((await socket.frame(({ text }) => text.includes('bad_request')))?.text).toContain('binary');
    await socket.write(frameOf({ opcode: text, payload: PING }));
    expect(await socket.frame(({ text }) => text === PONG)).toBeDefined();
    socket.destroy();
  });

  for (const [what, payload, code] of [
    ['without a code', '', undefined],
    ['with 1000', closeWith(1000), 1000],
    ['with an application’s code and a reason', closeWith(4999, 'bye 再见'), 4999],
  ] as const) {
    test(`a close ${what} is answered with a close; nothing after it is heard`, async () => {
      const socket = await openRaw(stage.port, stage.ming.token);
      await socket.write(
        Buffer.concat([frameOf({ opcode: close, payload }), frameOf({ opcode: text, payload: PING })]),
      );
      expect(await socket.closes()).toBe(true);
      expect(socket.frames().filter((frame) => frame.opcode === close)).toHaveLength(1);
      expect(socket.closeCode).toBe(code);
      expect(socket.frames().some((frame) => frame.text === PONG)).toBe(false);
    });
  }
});

test('nobody else on the server has noticed anything', async () => {
  await stage.expectUnharmed();
});
