/** Which bytes of a body are sent: from `start` up to, without, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a request wants of a body of this size (RFC 9110, 14.2): undefined stands for all of it, as it does for several
 * ranges, for units that are not bytes, and for a copy that has changed since; `outside` for none that there is.
 */
export function rangeOf(
  headers: Headers,
  size: number,
  etag: string | null,
): ByteRange | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '') ?? [];
  const held = headers.get('if-range');
  if ((first === '' && last === '') || (held !== null && held !== etag)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start < end ? { start, end } : 'outside';
}
