import { connect, createServer, type Socket } from 'node:net';

/** Stands before a port and can fall silent: lines stay open, new ones are let in, and nothing passes. */
export interface StallingProxy {
  readonly url: string;
  stall(): void;
  goOn(): void;
  end(): Promise<void>;
}

export async function startProxy(port: number): Promise<StallingProxy> {
  const sockets = new Set<Socket>();
  let isStalled = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (!isStalled) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (!isStalled) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the proxy has no port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    stall() {
      isStalled = true;
    },
    goOn() {
      isStalled = false;
    },
    async end() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
