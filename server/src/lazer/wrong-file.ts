import { StartError } from '../errors.ts';

/** Where in a Lazer file something is wrong; lines and records are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly record?: number;
  readonly id?: unknown;
}

export const REMEDIES = {
  copyAgain:
    'Copy the file again while the old server is stopped, take it from a backup, or mend it; then import once more.',
  correct: 'Correct it in a copy of the folder, then import that.',
} as const;

/** A torn or wrong file: where, why, that it changed nothing, and what to do. */
export function wrongFile(
  place: Place,
  reason: string,
  remedy: keyof typeof REMEDIES,
  cause?: unknown,
): StartError {
  return new StartError(`${describe(place)}: ${reason}. Nothing was imported. ${REMEDIES[remedy]}`, {
    cause,
  });
}

function describe({ file, line, record, id }: Place): string {
  const parts = [file];
  if (line !== undefined) parts.push(`line ${line}`);
  if (record !== undefined) parts.push(`record ${record}${isPlain(id) ? ` (id ${id})` : ''}`);
  return parts.join(', ');
}

function isPlain(id: unknown): id is number | string {
  return typeof id === 'number' || (typeof id === 'string' && id.length <= 20);
}
