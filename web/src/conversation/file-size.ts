const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A number of bytes for people: 812 byte, 3.4 kB, 12 MB. */
export function fileSize(bytes: number, tag: string): string {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    maximumFractionDigits: digits,
  }).format(value);
}
