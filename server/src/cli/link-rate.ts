import { InvalidArgumentError } from 'commander';

const BITS_PER_BYTE = 8;
const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** What a link may carry, in bytes a second: from 64 kbit/s, where a single packet takes 0.2 s, to 100 Gbit/s. */
const RANGE = { min: 64e3 / BITS_PER_BYTE, max: 100e9 / BITS_PER_BYTE };

/**
 * Bytes a second of a link that is written as `tc` writes bits, `1mbit`, or as bytes, `125kB`; all units are decimal.
 * @throws InvalidArgumentError
 */
export function linkRate(text: string): number {
  const [, count = '', multiple = '', unit = ''] =
    /^(\d+(?:\.\d+)?) ?([kmg]?)(bit|B)$/i.exec(text.trim()) ?? [];
  // A small b might mean either.
  if (unit === '' || unit === 'b')
    throw new InvalidArgumentError('It must be a rate such as 1mbit, 800kbit or 125kB.');
  const perSecond = Number(count) * (MULTIPLES[multiple.toLowerCase()] ?? 1);
  const bytes = unit === 'B' ? perSecond : perSecond / BITS_PER_BYTE;
  if (bytes >= RANGE.min && bytes <= RANGE.max) return bytes;
  throw new InvalidArgumentError('It must be from 64kbit to 100gbit.');
}
