import type { Chance } from '../chance.ts';

/** Texts that parsers, databases and pages trip over. */
const TEXTS = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'null',
  'NaN',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202egnihtyna',
  '\ufeff',
  '👩‍👩‍👧‍👦',
  'Z̸̢͖͠A̵L̷G̶O',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  "'; drop table messages; --",
  '" or ""="',
  '%00',
  '%zz',
  '%s%n%d',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '$where',
  '{{7*7}}',
  '\r\nSet-Cookie: a=b',
  '9'.repeat(400),
] as const;

/** Literals that JSON allows, at the edge of what numbers can be. */
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '2',
  '3',
  '1.5',
  '1e2',
  '1E+2',
  '1e308',
  '1e999',
  '-1e999',
  '1e-999',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775808',
  '18446744073709551616',
  '123456789012345678901234567890',
] as const;

/** A value of JSON, as text: mostly small, sometimes long, sometimes deep. */
export function jsonValue(chance: Chance, depth = 0): string {
  const kind = chance.between(0, depth > 4 ? 5 : 9);
  if (kind <= 1) return chance.pick(NUMBERS);
  if (kind <= 4) return JSON.stringify(text(chance));
  if (kind === 5) return chance.pick(['null', 'true', 'false', '[]', '{}', '""']);
  const items = Array.from({ length: chance.between(0, 4) }, () => jsonValue(chance, depth + 1));
  if (kind <= 7) return `[${items.join(',')}]`;
  return `{${items.map((item) => `${JSON.stringify(text(chance))}:${item}`).join(',')}}`;
}

export function text(chance: Chance): string {
  if (chance.is(0.7)) return chance.pick(TEXTS);
  if (chance.is(0.02)) return chance.pick(['a', '中', '😀', '\\']).repeat(chance.between(1, 9_000));
  return String.fromCharCode(
    ...Array.from({ length: chance.between(1, 12) }, () => chance.between(0, chance.is(0.8) ? 127 : 65535)),
  );
}

/** An object of JSON as text, from fields that are text already; names may come twice. */
export function jsonObject(fields: readonly (readonly [name: string, value: string])[]): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}

/** Takes a text apart: something is lost, doubled, put in, cut off or turned around. */
export function mangled(chance: Chance, whole: string): string {
  const at = chance.between(0, whole.length);
  const to = Math.min(whole.length, at + chance.between(1, 8));
  const [before, middle, after] = [whole.slice(0, at), whole.slice(at, to), whole.slice(to)];
  return chance.pick([
    before + after,
    before + middle + middle + after,
    before + text(chance) + after,
    before,
    after,
    before + chance.pick(['{', '}', '[', ']', '"', ',', ':', '\\', '\\u', '\\ud83d', '/*', '0x1']) + after,
    before + [...middle].reverse().join('') + after,
    whole.repeat(2),
  ]);
}

/** What is no JSON, or as deep or as long as it can be. */
export function extreme(chance: Chance, maxBytes: number): string {
  const size = chance.is(0.1) ? maxBytes : chance.between(1, 2_000);
  switch (chance.between(0, 6)) {
    case 0:
      return '['.repeat(size);
    case 1:
      return '{"a":'.repeat(size / 5);
    case 2:
      return `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`;
    case 3:
      return `{"action":"${'x'.repeat(Math.max(0, size - 20))}"}`;
    case 4:
      return `{"action":"post","thread":${'9'.repeat(Math.max(1, size - 40))}}`;
    case 5:
      return `{${Array.from({ length: Math.min(2_000, size / 12) }, (_, index) => `"k${index}":${index}`).join(',')}}`;
    default:
      return String.fromCharCode(
        ...Array.from({ length: Math.min(size, 200) }, () => chance.between(32, 126)),
      );
  }
}
