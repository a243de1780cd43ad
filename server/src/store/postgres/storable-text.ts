/** PostgreSQL's texts have no character 0: the sign for what cannot be shown stands in its place. */
export function storable<T>(value: T): T | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
}

/** With all texts in it made storable, so that what is answered is what is kept. */
export function allStorable<T>(input: T): T {
  if (!JSON.stringify(input).includes('\\u0000')) return input;
  return JSON.parse(JSON.stringify(input), (_, value) => storable(value)) as T;
}
