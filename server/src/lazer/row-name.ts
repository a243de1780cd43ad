import type { ImportRun } from './import-run.ts';

const STAND_INS = { classes: 'class', users: 'user', threads: 'thread' } as const;

/** The name as it is, or one made of the id where there is none: everything that is shown needs one. */
export function nameOf(
  { tally }: ImportRun,
  table: keyof typeof STAND_INS,
  id: number,
  name: string | null,
): string {
  if (name !== null && name.trim() !== '') return name;
  tally.changed(table, `without a name, so it is called ${STAND_INS[table]}-<id>`, id);
  return `${STAND_INS[table]}-${id}`;
}
