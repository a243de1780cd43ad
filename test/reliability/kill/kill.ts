import type { ServerProcess } from '../../actors/server-process.ts';

/** SIGKILL to the server and, where it has some, its workers, at the same moment. */
export async function killAll(server: ServerProcess): Promise<void> {
  const workers = await workersOf(server);
  for (const pid of [server.process.pid, ...workers]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // A worker of a dead supervisor ends by itself.
    }
  }
  await server.process.exited;
}

export async function workersOf(server: ServerProcess): Promise<number[]> {
  const found = Bun.spawn(['pgrep', '-P', String(server.process.pid)]);
  const pids = await new Response(found.stdout).text();
  return pids.split('\n').filter(Boolean).map(Number);
}
