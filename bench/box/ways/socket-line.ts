import { inflateRawSync } from 'node:zlib';
import { BunSocket } from '../../../test/actors/bun-socket.ts';
import type { Step } from '../../peers/peer.ts';
import type { Ears } from './way.ts';

/** How long getting in may take, in ms. */
const PATIENCE_MS = 30_000;

export interface Entrance {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
  readonly steps: readonly Step[];
}

/** A socket that has taken its steps. All that it hears from then on goes to the ears, inflated where it was deflated. */
export interface SocketLine {
  send(text: string): void;
  /** At once; the ears hear nothing of it. */
  leave(): void;
}

/** @throws Error when it is not let in */
export async function openSocket(
  { host, port }: { readonly host: string; readonly port: number },
  { headers = {}, protocols = [], steps }: Entrance,
  ears: Ears,
): Promise<SocketLine> {
  const url = `ws://${host}:${port}/wss`;
  const socket = new BunSocket(url, { headers, protocols });
  socket.binaryType = 'arraybuffer';
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {}); // where nothing waits for it any more
  const timer = setTimeout(() => failed.reject(new Error(`not in after ${PATIENCE_MS} ms`)), PATIENCE_MS);
  socket.onclose = ({ code, reason }) => failed.reject(new Error(`closed with ${code} ${reason}`));
  const opened = new Promise<unknown>((resolve) => {
    socket.onopen = resolve;
  });
  try {
    for (const { say, until } of steps) {
      const heard = Promise.withResolvers<void>();
      socket.onmessage = ({ data }) => {
        if (String(data).includes(until)) heard.resolve();
        else failed.reject(new Error(`heard ${data}`));
      };
      await Promise.race([opened, failed.promise]);
      if (say !== undefined) socket.send(say);
      await Promise.race([heard.promise, failed.promise]);
    }
  } catch (cause) {
    socket.onclose = null;
    socket.terminate();
    throw new Error(`${url}: ${String(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
  socket.onmessage = ({ data }) =>
    ears.heard(typeof data === 'string' ? Buffer.from(data) : inflateRawSync(new Uint8Array(data)));
  socket.onclose = ({ code, reason }) => ears.lost(`closed with ${code} ${reason}`);
  return {
    send: (text) => socket.send(text),
    leave() {
      socket.onmessage = null;
      socket.onclose = null;
      socket.terminate();
    },
  };
}
