/**
 * What a column of a Lazer table may hold:
 * `id` a positive integer; `reference` an integer or null, and every record must have it; `integer` and `text` may also
 * be absent, which is like null.
 */
export type Kind = 'id' | 'reference' | 'integer' | 'text';

export type Columns = Readonly<Record<string, Kind>>;

export type Value = number | string | null;

export type RowOf<C extends Columns> = {
  readonly [K in keyof C]: C[K] extends 'id' ? number : C[K] extends 'text' ? string | null : number | null;
};

/** What is said of a value that does not fit. */
export const EXPECTED: Record<Kind, string> = {
  id: 'a positive integer',
  reference: 'an integer or null',
  integer: 'an integer or null',
  text: 'a text or null',
};

/**
 * The value as we store it. PHP was not strict about numbers, so integers may be written as text and texts as numbers.
 * @returns undefined where the column cannot hold it.
 */
export function coerce(kind: Kind, value: unknown): Value | undefined {
  if (kind === 'text') return toText(value);
  if (kind === 'id') return toId(value);
  if (kind === 'reference' && value === undefined) return undefined;
  return value === null || value === undefined ? null : toInteger(value);
}

function toText(value: unknown): string | null | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  return typeof value === 'number' ? String(value) : undefined;
}

function toId(value: unknown): number | undefined {
  const id = toInteger(value);
  return id !== undefined && id > 0 ? id : undefined;
}

function toInteger(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value)) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
}
