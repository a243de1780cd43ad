import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backUp, restore } from '../store/sqlite/backup.ts';

interface Options {
  readonly data: string;
  readonly json: boolean;
}

/** `pokers backup`. @throws StartError */
export function backupCommand(file: string, { data, json }: Options): void {
  const to = resolve(file);
  backUp(resolve(data), to);
  const bytes = statSync(to).size;
  say(json, { backup: to, bytes }, `Everything is in ${to} (${(bytes / 1e6).toFixed(1)} MB).`);
}

/** `pokers restore`. @throws StartError */
export async function restoreCommand(file: string, { data, json }: Options): Promise<void> {
  const former = await restore(resolve(data), resolve(file));
  const kept = former ? ` What was there before is kept as ${former}.` : '';
  say(json, { restored: resolve(file), former }, `The backup is in place; clients will load anew.${kept}`);
}

function say(json: boolean, facts: object, sentence: string): void {
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${sentence}\n`);
}
