import { connect, createServer, type Socket } from 'node:net';

/** An address that stays while what is behind it changes or cannot be reached: a line to a port of loopback. */
export interface Relay {
  readonly port: number;
  /** Lines stay open, new ones are let in, and nothing passes any more. */
  fallSilent(): void;
  /** What was held passes now, late and whole, as when a network was away for a moment. */
  goOn(): void;
  /** New lines are as they should be, those that were open stay silent for ever: a firewall forgot them. */
  forget(): void;
  /** All lines are reset, and new ones refused at once, until it leads somewhere again. */
  cut(): void;
  /** From now on it leads to this port; lines that lead elsewhere are reset. */
  leadTo(port: number): void;
  end(): Promise<void>;
}

export async function startRelay(target: number): Promise<Relay> {
  const lines = new Set<[Socket, Socket]>();
  let leadsTo: number | undefined = target;
  let isSilent = false;
  const server = createServer((near) => {
    if (leadsTo === undefined) return near.on('error', () => undefined).resetAndDestroy();
    const line: [Socket, Socket] = [near, connect(leadsTo, '127.0.0.1')];
    lines.add(line);
    for (const [from, to] of [line, line.toReversed()] as [Socket, Socket][]) {
      from.setNoDelay(true);
      if (isSilent) from.pause();
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        lines.delete(line);
        to.destroy();
      });
    }
  });
  const reset = (): void => {
    for (const line of lines) for (const socket of line) socket.resetAndDestroy();
  };
  const each = (act: (socket: Socket) => void): void => {
    for (const line of lines) for (const socket of line) act(socket);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the relay has no port');
  return {
    port: address.port,
    fallSilent() {
      isSilent = true;
      each((socket) => socket.pause());
    },
    goOn() {
      isSilent = false;
      each((socket) => socket.resume());
    },
    forget() {
      isSilent = false;
    },
    cut() {
      leadsTo = undefined;
      reset();
    },
    leadTo(port) {
      leadsTo = port;
      isSilent = false;
      reset();
    },
    async end() {
      each((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
