import type { Entrance } from '../peers/peer.ts';
import { FrameSocket, type OnText } from './frame-socket.ts';

/** How long getting in may take, in ms. */
const PATIENCE_MS = 20_000;

/** A connection that has taken all steps of its entrance. @throws Error that says what the server said last */
export async function enter(
  port: number,
  { path, headers, steps, textPing }: Entrance,
): Promise<FrameSocket> {
  const frames: string[] = [];
  const failed = Promise.withResolvers<never>();
  const fail = (why: string): void => {
    failed.reject(new Error(`${path}: ${why}; the last frame was: ${frames.at(-1) ?? 'none'}`));
  };
  const timer = setTimeout(() => fail(`not in after ${PATIENCE_MS} ms`), PATIENCE_MS);
  let arrived = (): void => {};
  const heard = async (text: string): Promise<void> => {
    while (!frames.some((frame) => frame.includes(text))) {
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      await Promise.race([arrival, failed.promise]);
    }
  };

  try {
    const hear: OnText = (bytes, start, end) => {
      frames.push(bytes.toString('utf8', start, end));
      arrived();
    };
    const opening = FrameSocket.open(port, path, headers, hear, textPing);
    const socket = await Promise.race([opening, failed.promise]);
    socket.onLost = fail;
    for (const { say, until } of steps) {
      if (say !== undefined) socket.send(say);
      await heard(until);
    }
    return socket;
  } finally {
    clearTimeout(timer);
    failed.promise.catch(() => {});
  }
}
