import type { Subprocess } from 'bun';
import { pinned } from './cores.ts';

/** How long a server may take to stop after SIGTERM, in ms, before it is killed and the run fails. */
const STOP_MS = 8_000;

/** How long a server may take to start, in ms. */
const START_MS = 30_000;

/** A server that runs. */
export interface ServerChild {
  readonly pid: number;
  /** What the awaited pattern found in its stdout. */
  readonly ready: RegExpExecArray;
  /** What it has said so far, on both streams. */
  readonly said: () => string;
  /** SIGTERM. @throws Error when it does not end well */
  stop(): Promise<void>;
}

/** Every process that the benchmark starts, so that none outlives it. */
export class Children {
  readonly #running = new Set<Subprocess>();

  /**
   * The command confined to these cores (to none in particular where the list is empty), which the kernel ends with this
   * process even if that is killed.
   */
  command(command: readonly string[], cores: readonly number[]): string[] {
    const confined = cores.length > 0 ? pinned(command, cores) : [...command];
    return Bun.which('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', ...confined] : confined;
  }

  /** Counts a process among the children until it ends. */
  adopt<Child extends Subprocess>(child: Child): Child {
    this.#running.add(child);
    void child.exited.then(() => this.#running.delete(child));
    return child;
  }

  /** At once: for the last moment of this process. */
  killAll(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  /** Starts a server and waits for a sign of it on stdout. @throws Error when it ends or is silent instead */
  async launch(command: readonly string[], cores: readonly number[], sign: RegExp): Promise<ServerChild> {
    const child = this.adopt(Bun.spawn(this.command(command, cores), { stdio: ['ignore', 'pipe', 'pipe'] }));
    let said = '';
    const found = Promise.withResolvers<RegExpExecArray>();
    const hear = (text: string): void => {
      said += text;
      const ready = sign.exec(said);
      if (ready) found.resolve(ready);
    };
    void readInto(child.stdout, hear);
    void readInto(child.stderr, hear);
    const failed = async (): Promise<never> => {
      await Promise.race([child.exited, Bun.sleep(START_MS)]);
      throw new Error(`the server did not start: ${command.join(' ')}\n${said}`);
    };
    const ready = await Promise.race([found.promise, failed()]);
    return { pid: child.pid, ready, said: () => said, stop: () => stop(child, () => said) };
  }
}

async function stop(child: Subprocess, said: () => string): Promise<void> {
  child.kill('SIGTERM');
  const code = await Promise.race([child.exited, Bun.sleep(STOP_MS)]);
  if (code === 0) return;
  child.kill('SIGKILL');
  const how = code === undefined ? `did not stop within ${STOP_MS} ms` : `ended with code ${code}`;
  throw new Error(`the server ${how}: ${said()}`);
}

async function readInto(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
}
