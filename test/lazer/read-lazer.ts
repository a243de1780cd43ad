import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LazerUser {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

interface LazerMessage {
  readonly id: number;
  readonly speaker: number;
  readonly belong_class: number;
  readonly thread: number;
}

/** A (small) database of the original, as its own server would have read it. */
export function readLazer(folder: string): { users: LazerUser[]; messages: LazerMessage[] } {
  const read = (table: string) => JSON.parse(readFileSync(join(folder, `${table}.data.json`), 'utf8'));
  return { users: read('users'), messages: read('messages') };
}
