import { expect, test } from 'bun:test';
import { linkify, safeUrl } from './linkify.ts';

const links = (text: string): (string | undefined)[] =>
  linkify(text)
    .filter((piece) => piece.href !== undefined)
    .map((piece) => piece.text);

test('A link in a sentence ends before the punctuation', () => {
  expect(links('See https://example.org/a?b=c#d. And (http://example.org/x)!')).toEqual([
    'https://example.org/a?b=c#d',
    'http://example.org/x',
  ]);
});

test('Brackets that belong to the link stay', () => {
  expect(links('https://en.wikipedia.org/wiki/Go_(game), ok')).toEqual([
    'https://en.wikipedia.org/wiki/Go_(game)',
  ]);
});

test('Chinese goes on right after a link', () => {
  expect(links('作业在https://example.org/1，请看http://example.org/2这里。')).toEqual([
    'https://example.org/1',
    'http://example.org/2',
  ]);
});

test('www. becomes https', () => {
  expect(linkify('www.example.org')).toEqual([{ text: 'www.example.org', href: 'https://www.example.org/' }]);
});

test('What is no link stays words', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    'www.',
    'www...',
    'xhttps://a.b',
    'ftp://a.b',
  ]) {
    expect(links(text)).toEqual([]);
  }
});

test('Nothing of the text is lost', () => {
  for (const text of ['', 'a\n\nhttps://a.b/c). https://d.e\n', ' www.x.y,,, ', 'https://a.b'.repeat(3)]) {
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  }
});

test('Only http, https and relative addresses are safe', () => {
  const page = 'https://chat.example.org/c/1';
  expect(safeUrl('/files/1.png', page)).toBe('https://chat.example.org/files/1.png');
  expect(safeUrl('http://example.org/a', page)).toBe('http://example.org/a');
  for (const url of [
    'javascript:alert(1)',
    ' JaVa\tScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://x/y',
    'http://',
  ]) {
    expect(safeUrl(url, page)).toBeUndefined();
  }
});
