import { describe, expect, test } from 'bun:test';
import { RECORD_BYTES_MAX, RecordScanner } from './record-scanner.ts';

/** What the scanner finds when the text comes in chunks of this many bytes: `number@line: text`, and the error if any. */
function scan(text: string | Uint8Array, chunkBytes = 1_000): string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const scanner = new RecordScanner('x.data.json');
  const found: string[] = [];
  try {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.slice(at, at + chunkBytes);
      for (const record of scanner.push(chunk)) {
        found.push(`${record.number}@${record.line}: ${new TextDecoder().decode(record.bytes)}`);
      }
      chunk.fill(0); // the caller's buffer is used again
    }
    if (!scanner.finish()) found.push('nothing in it');
  } catch (error) {
    found.push(String(error));
  }
  return found;
}

describe('the record scanner', () => {
  test('finds the same records wherever the chunks are cut', () => {
    const first = '{"id":1,"text":"a \\"quoted\\" } ] \\\\"}';
    const second = '{\n  "id": 2,\n  "list": [{"deep": ["}"]}],\n  "text": "明天 😀"\n}';
    const text = `\uFEFF [\r\n${first} ,\n\n${second}\n]\n`;
    for (let chunkBytes = 1; chunkBytes < 80; chunkBytes++) {
      expect(scan(text, chunkBytes)).toEqual([`1@2: ${first}`, `2@4: ${second}`]);
    }
  });

  test('knows an empty list and an empty file', () => {
    expect(scan('[]')).toEqual([]);
    expect(scan(' [ \n ] \n')).toEqual([]);
    expect(scan('')).toEqual(['nothing in it']);
    expect(scan('\uFEFF\n')).toEqual(['nothing in it']);
  });

  test.each([
    ['[{}', 'line 1, record 1: the file ends before the closing "]"'],
    ['[\n{},\n', 'line 3, record 1: the file ends before the closing "]"'],
    ['[', 'line 1: the file ends before the closing "]"'],
    ['[{},\n{"a":"]', 'line 2, record 2: the file ends in the middle of this record, which begins on line 2'],
    ['[{},\n{"a":\n"b\n"}]', 'line 3, record 2: a text is not closed, or holds a line break'],
    ['[{"a":"\0"}]', 'line 1, record 1: a text is not closed, or holds the byte 0x00'],
    ['[{},]', 'line 1, record 1: a comma stands before the closing "]"'],
    ['[,{}]', 'line 1, record 1: this is not a record: it begins with ","'],
    ['[{}{}]', 'line 1, record 1: after this record comes "{" instead of a comma'],
    ['[{},\n\n[]]', 'line 3, record 2: this is not a record: it begins with "["'],
    ['[null]', 'record 1: this is not a record: it begins with "n"'],
    ['[{}]\n[', 'line 2, record 1: there is something after the closing "]" ("[")'],
    ['[{}]\0', 'there is something after the closing "]" (the byte 0x00)'],
    ['{"a":1}', 'line 1: it is no list of records: it begins with "{"'],
    ['<html>', 'it begins with "<"'],
  ])('says what is wrong with %j', (text, reason) => {
    const error = scan(text).at(-1);
    expect(error).toContain('x.data.json, ');
    expect(error).toContain(reason);
    expect(error).toContain('Nothing was imported.');
  });

  test('holds no more than its limit of a record that does not end', () => {
    const text = `[{},\n{"text":"${'a'.repeat(RECORD_BYTES_MAX + 1)}`;
    expect(scan(text, 100_000).at(-1)).toContain('line 2, record 2: this record is larger than 1 MiB');
  });
});
