import { Database } from 'bun:sqlite';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../../errors.ts';
import { databaseFile } from './database.ts';

/** A data folder that this process alone may serve or import into, until it ends, however it ends. */
export interface DataFolder {
  readonly path: string;
  /** Whether it held no database before. */
  readonly isNew: boolean;
  release(): void;
}

/**
 * Makes the folder if need be and locks it. The lock is SQLite's own on a file beside the database: the system lets go
 * of it when the process dies, so there is never a stale one to remove by hand.
 * @throws StartError when it cannot be written or another process has it.
 */
export function claimFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartError(
      `The data folder ${path} cannot be made: ${reasonOf(cause)}. Choose another with --data.`,
      { cause },
    );
  }
  const isNew = !existsSync(databaseFile(path));
  let lock: Database | undefined;
  try {
    // SQLite opens what it may not write for reading, and would complain at the first post only.
    accessSync(path, constants.W_OK);
    if (!isNew) accessSync(databaseFile(path), constants.W_OK);
    lock = new Database(join(path, 'lock'), { create: true });
    lock.run('pragma locking_mode = exclusive');
    lock.run('begin exclusive');
  } catch (cause) {
    lock?.close();
    if (/locked|busy/i.test(reasonOf(cause))) {
      throw new StartError(`The data folder ${path} is in use by another Pokers. Stop that one first.`, {
        cause,
      });
    }
    throw new StartError(
      `The data folder ${path} cannot be written: ${reasonOf(cause)}. Change its rights, or choose another with --data.`,
      { cause },
    );
  }
  const held = lock;
  return { path, isNew, release: () => held.close() };
}

/** The key that sessions are signed with: made once, readable by the owner alone. */
export function folderSecret(path: string): string {
  const file = join(path, 'secret');
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
