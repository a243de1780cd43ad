import { expect, test } from 'bun:test';
import { decodeList } from './decode-list.ts';

const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;

test('A list in UTF-8 is read, with a byte order mark or without', () => {
  const words = new TextEncoder().encode('王明,ming@example.org');
  expect(decodeList(words.buffer)).toBe('王明,ming@example.org');
  expect(decodeList(bytes(0xef, 0xbb, 0xbf, ...words))).toBe('王明,ming@example.org');
});

test('A list in GB 18030 is read too', () => {
  expect(decodeList(bytes(0xcd, 0xf5, 0xc3, 0xf7, 0x2c, 0x61))).toBe('王明,a');
});
