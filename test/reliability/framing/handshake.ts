import { createHash } from 'node:crypto';
import { frameOf, OPCODES, RawSocket } from './raw-socket.ts';

/** The example key of RFC 6455, section 1.3. */
export const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** What the server must answer to it. */
export const ACCEPT = createHash('sha1')
  .update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  .digest('base64');

export interface Handshake {
  readonly method?: string;
  readonly version?: string;
  /** Headers to set, or with `undefined` to leave out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** An upgrade request for the v2 door, with whatever is to be different about it. */
export function handshakeOf(
  token: string,
  { method = 'GET', version = 'HTTP/1.1', headers = {} }: Handshake = {},
): string {
  const all: Record<string, string | undefined> = {
    Host: 'localhost',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    'Sec-WebSocket-Protocol': 'pokers.v2',
    Authorization: `Bearer ${token}`,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `${[`${method} /wss ${version}`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** A v2 connection on a raw socket that has said hello and been answered. */
export async function openRaw(port: number, token: string): Promise<RawSocket> {
  const socket = await RawSocket.open(port);
  await socket.write(handshakeOf(token));
  const head = await socket.head();
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${head}`);
  await socket.write(frameOf({ opcode: OPCODES.text, payload: '{"action":"hello"}' }));
  if (!(await socket.frame(({ text }) => text.startsWith('{"op":"hello"')))) throw new Error('no hello');
  return socket;
}
