import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import { CLI } from '../actors/server-process.ts';

const DELAY = fileURLToPath(new URL('delay.ts', import.meta.url));
const PORT = 2000;

/**
 * Two network namespaces of the test's own, with a line of 1 Mbit/s in each direction between them (tc tbf on both
 * ends) and a round trip of 50 ms. In one is a server, in the other a browser, for which it is at `url`.
 */
export interface ThinLine {
  readonly url: string;
  /** A program that runs the given one on the browser's side. */
  wrap(program: string): string;
  stop(): Promise<void>;
}

/** Whether this machine has what it takes: root, and the programs of Debian's iproute2. */
export function canShape(): boolean {
  return process.getuid?.() === 0 && existsSync('/sbin/ip') && existsSync('/sbin/tc');
}

/** Starts a server on this data behind a line of its own. */
export async function layThinLine(data: string): Promise<ThinLine> {
  const key = process.pid.toString(36);
  const [near, far] = [`pkn${key}`, `pkf${key}`];
  const folder = mkdtempSync(join(tmpdir(), 'pokers-line-'));
  const children: Subprocess[] = [];

  async function stop(): Promise<void> {
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => child.exited));
    for (const name of [near, far]) await run('ip', 'netns', 'del', name);
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    for (const name of [near, far]) await run('ip', 'netns', 'add', name);
    await run('ip', 'link', 'add', near, 'netns', near, 'type', 'veth', 'peer', 'name', far, 'netns', far);
    for (const [name, address] of [
      [near, '10.77.0.2/24'],
      [far, '10.77.0.1/24'],
    ] as const) {
      await run('ip', '-n', name, 'addr', 'add', address, 'dev', name);
      await run('ip', '-n', name, 'link', 'set', 'lo', 'up');
      await run('ip', '-n', name, 'link', 'set', name, 'up');
      // One full packet at a time; what does not fit waits up to two seconds.
      const shape = ['tbf', 'rate', '1mbit', 'burst', '1600', 'latency', '2s'];
      await run('ip', 'netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', name, 'root', ...shape);
    }
    const place = ['--data', data, '--host', '10.77.0.1', '--port', String(PORT)];
    children.push(await start(far, /running at/, process.execPath, CLI, 'serve', ...place));
    children.push(
      await start(near, /ready/, process.execPath, DELAY, String(PORT), '10.77.0.1', String(PORT)),
    );
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }

  return {
    url: `http://localhost:${PORT}`,
    wrap(program) {
      const wrapper = join(folder, 'wrapper');
      writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${near} ${program} "$@"\n`, { mode: 0o755 });
      return wrapper;
    },
    stop,
  };
}

async function run(...command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdio: ['ignore', 'ignore', 'pipe'] });
  if ((await child.exited) !== 0)
    throw new Error(`${command.join(' ')}: ${await new Response(child.stderr).text()}`);
}

/** A program in a namespace; resolves when it has said that it is ready. */
async function start(namespace: string, ready: RegExp, ...command: string[]): Promise<Subprocess> {
  const child = Bun.spawn(['ip', 'netns', 'exec', namespace, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, POKERS_LIMITS: 'off' },
  });
  let said = '';
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader();
  while (!ready.test(said)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${command.join(' ')} ended: ${said}`);
    said += decoder.decode(value, { stream: true });
  }
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return child;
}
