import { Database } from 'bun:sqlite';
import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { placeOf } from './local-files.ts';

export interface Copied {
  readonly files: number;
  readonly bytes: number;
}

/** Where the files of a backup are: in a folder beside its database. */
export const filesBeside = (backup: string): string => `${backup}.files`;

/**
 * Copies the files that a database names into a folder. The database is a copy of that of a server, which may run: files
 * never change, and one that is gone by now was deleted since.
 */
export function backUpFiles(database: string, from: string, to: string): Copied {
  return copyAll(keysIn(database), from, to);
}

/** Puts files of a backup back where they are missing. */
export function restoreFiles(from: string, to: string): Copied {
  if (!existsSync(from)) return { files: 0, bytes: 0 };
  const names = readdirSync(from, { recursive: true, withFileTypes: true });
  return copyAll(
    names.flatMap((entry) => (entry.isFile() ? [entry.name] : [])),
    from,
    to,
  );
}

function keysIn(database: string): string[] {
  const db = new Database(database, { readonly: true });
  try {
    // A server of before there were files has left no table of them.
    const hasFiles = db.query("select 1 from sqlite_master where name = 'files'").get();
    if (!hasFiles) return [];
    const rows = db.query<{ key: string }, []>('select key from files where done is not null and gone = 0');
    return rows.all().map(({ key }) => key);
  } finally {
    db.close();
  }
}

function copyAll(keys: readonly string[], from: string, to: string): Copied {
  let files = 0;
  let bytes = 0;
  for (const key of keys) {
    const [source, target] = [placeOf(from, key), placeOf(to, key)];
    if (!existsSync(source) || existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
    files++;
    bytes += statSync(target).size;
  }
  return { files, bytes };
}
