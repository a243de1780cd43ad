import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartError } from '../errors.ts';
import { backUpFiles, filesBeside, restoreFiles } from '../files/backup-files.ts';
import { filesFolder } from '../files/open-files.ts';
import { filesPlace } from '../files/place.ts';
import { backUp, restore } from '../store/sqlite/backup.ts';

interface Options {
  readonly data: string;
  readonly files?: string;
  readonly json: boolean;
}

/** `pokers backup`. @throws StartError, UsageError */
export function backupCommand(file: string, options: Options): void {
  const to = resolve(file);
  const beside = filesBeside(to);
  const folder = folderOf(options);
  if (existsSync(beside)) throw new StartError(`${beside} is there already. Name another file.`);
  backUp(resolve(options.data), to);
  const copied = folder === undefined ? undefined : backUpFiles(to, folder, beside);
  const bytes = statSync(to).size;
  const rest = copied === undefined ? WHERE_ELSE : copied.files === 0 ? '' : ` Its files are in ${beside}.`;
  const sentence = `Everything is in ${to} (${megabytes(bytes + (copied?.bytes ?? 0))}).${rest}`;
  say(options.json, { backup: to, bytes, ...(copied && { files: copied }) }, sentence);
}

/** `pokers restore`. @throws StartError, UsageError */
export async function restoreCommand(file: string, options: Options): Promise<void> {
  const folder = folderOf(options);
  const former = await restore(resolve(options.data), resolve(file));
  const copied = folder === undefined ? undefined : restoreFiles(filesBeside(resolve(file)), folder);
  const kept = former ? ` What was there before is kept as ${former}.` : '';
  const facts = { restored: resolve(file), former, ...(copied && { files: copied }) };
  say(options.json, facts, `The backup is in place; clients will load anew.${kept}`);
}

const WHERE_ELSE = ' Files are in their bucket, and stay there.';

/** Undefined: in a bucket. */
function folderOf({ data, files }: Options): string | undefined {
  if (files === undefined) return filesFolder({ data: resolve(data) });
  if (/^s3:/i.test(files)) return undefined;
  return filesFolder({ data: resolve(data), files: filesPlace(files, {}) });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function say(json: boolean, facts: object, sentence: string): void {
  process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${sentence}\n`);
}
