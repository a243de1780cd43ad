import { describe, expect, test } from 'bun:test';
import { findPhrases, phrasesOf } from '@pokers/server/search/phrases';
import { tokensOf } from '@pokers/server/search/tokens';

const words = (text: string): string[] => tokensOf(text).map((token) => token.text);

describe('what search compares', () => {
  test.each([
    ['明天交作业', ['明', '天', '交', '作', '业']],
    ['iPhone手机 3班', ['iphone', '手', '机', '3', '班']],
    ['ひらがなカタカナー', ['ひ', 'ら', 'が', 'な', 'カ', 'タ', 'カ', 'ナ', 'ー']],
    ['ｶﾞｷﾞ', ['ガ', 'ギ']],
    ['한국어', ['한', '국', '어']],
    ['한국어'.normalize('NFD'), ['한', '국', '어']],
    ['Crème BRÛLÉE', ['creme', 'brulee']],
    ['Cre\u0300me', ['creme']],
    ['STRASSE Straße', ['strasse', 'strasse']],
    ['ΟΔΟΣ οδός', ['οδοσ', 'οδοσ']],
    ['İstanbul ISTANBUL', ['istanbul', 'istanbul']],
    ['Ёлка ёлка елка', ['елка', 'елка', 'елка']],
    ['ＡＢＣ１２３', ['abc123']],
    ['①⑵Ⅲ', ['1', '2', 'iii']],
    ['ﬁnd', ['find']],
    ['don’t @小明 #tag', ['don', 't', '小', '明', 'tag']],
    ['https://example.org/a_b?c=你', ['https', 'example', 'org', 'a', 'b', 'c', '你']],
    ['👍🏽 好👨‍👩‍👧', ['👍', '好', '👨', '👩', '👧']],
    ['❤️ ❤ 1️⃣', ['❤', '❤', '1']],
    ['🇨🇳', ['🇨', '🇳']],
    ['𠮷野家', ['𠮷', '野', '家']],
    ['סֵפֶר־ספר', ['ספר', 'ספר']],
    ['ไทย', ['ไ', 'ท', 'ย']],
    ['zero\u200bwidth soft\u00adhyphen', ['zerowidth', 'softhyphen']],
    ['a\u0000b \ud800 "c" OR -d * ^e', ['a', 'b', 'c', 'or', 'd', 'e']],
    ['，。！…', []],
    ['', []],
  ] as const)('%s', (text, expected) => {
    expect(words(text)).toEqual([...expected]);
  });

  test('a token says where it stands in the text as it was written', () => {
    const text = '𠮷 Ｃre\u0300me 👍🏽好';
    expect(tokensOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      '𠮷',
      'Ｃre\u0300me',
      '👍',
      '好',
    ]);
  });

  test('a word of a thousand letters is compared by its first ones, and marks without end are no trouble', () => {
    expect(words('x'.repeat(1_000))).toEqual(['x'.repeat(64)]);
    expect(words(`a${'\u0301'.repeat(8_000)}b`)).toEqual(['ab']);
  });
});

describe('what a query asks for', () => {
  const asked = (query: string) =>
    phrasesOf(query).map(({ tokens, isOpen }) => tokens.join('·') + (isOpen ? '…' : ''));

  test.each([
    ['作业', ['作·业']],
    ['明天 作业', ['明·天', '作·业']],
    ['hello wor', ['hello', 'wor…']],
    ['hello wor ', ['hello', 'wor']],
    ['"hello wor"', ['hello·wor']],
    ['“hello wor', ['hello·wor…']],
    ['h', ['h']],
    ['3', ['3']],
    ['iPhone手机', ['iphone·手·机']],
    ['手机ip', ['手·机·ip…']],
    ['hello.', ['hello']],
    ['好 好', ['好']],
    ['', []],
    [' "" ” * -', []],
    ['"', []],
    ['NOT (a OR', ['not', 'a', 'or…']],
  ] as const)('%s', (query, expected) => {
    expect(asked(query)).toEqual([...expected]);
  });

  const marked = (text: string, query: string): string | undefined => {
    const ranges = findPhrases([text], phrasesOf(query))?.[0];
    return ranges
      ?.toReversed()
      .reduce((so, [start, end]) => `${so.slice(0, start)}[${so.slice(start, end)}]${so.slice(end)}`, text);
  };

  test.each([
    ['明天交作业，作业很多', '作业', '明天交[作业]，[作业]很多'],
    ['Hello World, hello', 'hel', '[Hello] World, [hello]'],
    ['Hello World, hello', 'hel ', undefined],
    ['作 业', '作业', '[作 业]'],
    ['业作', '作业', undefined],
    ['ＡＢＣ大学', 'abc大', '[ＡＢＣ大]学'],
    ['哈哈哈', '哈哈', '[哈哈哈]'],
    ['b a', 'a b', '[b] [a]'],
    ['only a', 'a b', undefined],
  ] as const)('in %s, %s is marked', (text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  test('a phrase stands in the text or in the name of the file, not across both', () => {
    const look = (query: string) => findPhrases(['my home', 'work.pdf'], phrasesOf(query));
    expect(look('work ')).toEqual([[], [[0, 4]]]);
    expect(look('home pdf')).toEqual([[[3, 7]], [[5, 8]]]);
    expect(look('"home work"')).toBeUndefined();
  });
});
