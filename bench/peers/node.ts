import manifest from '../../package.json' with { type: 'json' };
import type { ServerChild } from '../children.ts';
import type { Place } from './peer.ts';

/** Why nothing can be compared with what runs on Node, where it is not installed. */
export function missingNode(): string | undefined {
  return Bun.which('node') ? undefined : 'there is no node in the PATH';
}

/** A package of ours with the version that is measured, and Node's. */
export function onNode(name: 'socket.io' | 'ws'): string {
  const { stdout } = Bun.spawnSync(['node', '--version']);
  return `${name} ${manifest.devDependencies[name]} on Node ${stdout.toString().trim()}`;
}

/** Starts a program that says on which port it listens. */
export function launchNode({ launch, bunFlags }: Place, program: string): Promise<ServerChild> {
  return launch(['node', ...bunFlags, program], /listening on (\d+)/);
}
