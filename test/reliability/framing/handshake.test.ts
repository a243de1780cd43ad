import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { isNewsOfClass } from '../../actors/socket-client.ts';
import { ACCEPT, type Handshake, handshakeOf } from './handshake.ts';
import { frameOf, OPCODES, RawSocket } from './raw-socket.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const HELLO = frameOf({ opcode: OPCODES.text, payload: '{"action":"hello","ref":1}' });
const PING = frameOf({ opcode: OPCODES.text, payload: '{"action":"ping","ref":2}' });

/** Sends a handshake and more, and answers the socket and the head of the answer. */
async function shake(
  handshake: Handshake,
  ...more: Uint8Array[]
): Promise<{ socket: RawSocket; head: string }> {
  const socket = await RawSocket.open(stage.port);
  await socket.write(Buffer.concat([Buffer.from(handshakeOf(stage.ming.token, handshake)), ...more]));
  return { socket, head: await socket.head() };
}

const headers = (changed: Record<string, string | undefined>): Handshake => ({ headers: changed });

describe('a handshake that is right', () => {
  test('is answered with 101, the key’s own answer and the one subprotocol', async () => {
    const { socket, head } = await shake({});
    expect(head).toStartWith('HTTP/1.1 101 ');
    expect(head).toMatch(/^upgrade: websocket$/im);
    expect(head).toMatch(/^connection: upgrade$/im);
    expect(head).toContain(`\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n`);
    expect(head).toMatch(/^sec-websocket-protocol: pokers\.v2\s*$/im);
    expect(head).not.toMatch(/^sec-websocket-extensions/im);
    socket.destroy();
  });

  for (const [what, handshake] of [
    ['in other letter case', headers({ Upgrade: 'WebSocket', Connection: 'upgrade' })],
    ['with more words in Connection', headers({ Connection: 'keep-alive, Upgrade' })],
    ['with more subprotocols on offer', headers({ 'Sec-WebSocket-Protocol': 'other, pokers.v2' })],
    [
      'with extensions on offer, of which none is taken',
      headers({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
    ],
  ] as const) {
    test(`works ${what}`, async () => {
      const { socket, head } = await shake(handshake);
      expect(head).toStartWith('HTTP/1.1 101 ');
      expect(head).not.toMatch(/^sec-websocket-extensions/im);
      await socket.write(HELLO);
      expect(await socket.frame(({ text }) => text.includes('"op":"hello"'))).toBeDefined();
      socket.destroy();
    });
  }

  test('frames in the same segment as the handshake are not lost', async () => {
    const { socket, head } = await shake({}, HELLO, PING);
    expect(head).toStartWith('HTTP/1.1 101 ');
    expect(await socket.frame(({ text }) => text === '{"op":"ping","ref":2}')).toBeDefined();
    expect(socket.frames()[0]?.text).toContain('"op":"hello"');
    socket.destroy();
  });

  test('nor is a frame of which only the beginning is in that segment', async () => {
    const { socket } = await shake({}, HELLO, PING.subarray(0, 9));
    await socket.write(PING.subarray(9));
    expect(await socket.frame(({ text }) => text === '{"op":"ping","ref":2}')).toBeDefined();
    socket.destroy();
  });

  test('nor are the frames of 20 clients who all do that at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => shake({}, HELLO, PING)));
    for (const { socket } of all) {
      expect(await socket.frame(({ text }) => text === '{"op":"ping","ref":2}')).toBeDefined();
      socket.destroy();
    }
  });

  test('a handshake that comes byte by byte is one all the same', async () => {
    const socket = await RawSocket.open(stage.port);
    await socket.write(...(handshakeOf(stage.ming.token).match(/[\s\S]{1,40}/g) ?? []));
    expect(await socket.head()).toStartWith('HTTP/1.1 101 ');
    socket.destroy();
  });
});

describe('a handshake that is wrong makes no socket', () => {
  const wrong: readonly [what: string, status: number, handshake: Handshake][] = [
    ...['0', '8', '12', '14', 'x', '13, 8', undefined].map((version): [string, number, Handshake] => [
      `version ${version}`,
      426,
      headers({ 'Sec-WebSocket-Version': version }),
    ]),
    ...[undefined, '', 'AAAA', '!!!!!!!!!!!!!!!!!!!!!!==', 'A'.repeat(24)].map(
      (key): [string, number, Handshake] => [`key ${key}`, 400, headers({ 'Sec-WebSocket-Key': key })],
    ),
    ['a subprotocol that is not ours', 400, headers({ 'Sec-WebSocket-Protocol': 'other' })],
    ['an empty subprotocol', 400, headers({ 'Sec-WebSocket-Protocol': '' })],
    ['POST', 400, { method: 'POST' }],
    ['no Host', 400, headers({ Host: undefined })],
    ['a page of another site', 403, headers({ Origin: 'https://elsewhere.example' })],
  ];
  for (const [what, status, handshake] of wrong) {
    test(`${what}: ${status}`, async () => {
      const { socket, head } = await shake(handshake, HELLO);
      expect(head).toStartWith(`HTTP/1.1 ${status} `);
      expect(head).not.toMatch(/^sec-websocket-accept/im);
      if (status === 426) expect(head).toMatch(/^sec-websocket-version: 13\s*$/im);
      socket.destroy();
    });
  }

  for (const upgrade of [undefined, 'h2c', 'xwebsocket']) {
    test(`Upgrade: ${upgrade} is an ordinary request`, async () => {
      const { socket, head } = await shake(headers({ Upgrade: upgrade }));
      expect(head).toMatch(/^HTTP\/1.1 (200|503) /);
      expect(head).not.toMatch(/^sec-websocket-accept/im);
      socket.destroy();
    });
  }
});

// RFC 6455 wants these refused. Bun 1.4.5 takes them; what matters is that it is a sound socket then, or none.
describe('a handshake that RFC 6455 forbids and Bun allows harms nobody', () => {
  for (const [what, handshake] of [
    ['without Connection: Upgrade', headers({ Connection: undefined })],
    ['with Connection: close', headers({ Connection: 'close' })],
    ['over HTTP/1.0', { version: 'HTTP/1.0' }],
    ['with a body', headers({ 'Content-Length': String(PING.length) })],
  ] as const) {
    test(what, async () => {
      const { socket, head } = await shake(handshake, ...(what === 'with a body' ? [PING] : []));
      expect(head).toMatch(/^HTTP\/1.1 (101|400|426) /);
      if (head.startsWith('HTTP/1.1 101')) {
        await socket.write(HELLO);
        expect(await socket.frame(({ text }) => text.includes('"op":"hello"'))).toBeDefined();
        // The body was none of the socket's frames.
        expect(socket.frames().filter(({ text }) => !isNewsOfClass(text))).toHaveLength(1);
      }
      socket.destroy();
    });
  }
});

test('nobody else on the server has noticed anything', async () => {
  await stage.expectUnharmed();
});
