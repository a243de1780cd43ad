/** Namespaces and control groups of this bench are called so, and then by the process that made them. */
export const NAME = 'pokers-box-';

/** Runs a command of the system to its end and answers its stdout. @throws Error with what it complained of */
export function tell(...command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { stdio: ['ignore', 'pipe', 'pipe'] });
  if (exitCode === 0) return stdout.toString();
  throw new Error(`${command.join(' ')}: ${stderr.toString().trim() || `ended with ${exitCode}`}`);
}

/** Of the names in a text, the processes that are no more. */
export function deadOwners(names: string): number[] {
  const owners = [...names.matchAll(new RegExp(`${NAME}(\\d+)`, 'g'))].map(([, owner]) => Number(owner));
  return owners.filter((owner) => !isAlive(owner));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
