import { type Token, tokensOf } from './tokens.ts';

/** Tokens that follow one another in a message. */
export interface Phrase {
  readonly tokens: readonly string[];
  /** Whether the last token may be the beginning of a word only: someone is still typing it. */
  readonly isOpen: boolean;
}

/** Of a text: where something begins and ends, in UTF-16 units. */
export type Range = readonly [start: number, end: number];

/** Most phrases of a query that count, and most ranges that are told of one text. */
const PHRASES_MAX = 16;
const RANGES_MAX = 100;

/** A single letter begins too many words to help anyone; it is found as a word. */
const OPEN_MIN_CHARS = 2;

const QUOTED_OR_PART = /["“”]([^"“”]*)(["“”]?)|[^\s"“”]+/gu;

/**
 * What a query asks for: what is between blanks is a phrase, and what is between quotes; a message has all of them, in any
 * order. Where the query ends in a word, words that begin so will do. No text is wrong: what has no letters, digits or
 * pictographs asks for nothing.
 */
export function phrasesOf(query: string): Phrase[] {
  const phrases = new Map<string, Phrase>();
  for (const found of query.matchAll(QUOTED_OR_PART)) {
    const [whole, quoted, end] = found;
    const part = quoted ?? whole;
    const tokens = tokensOf(part);
    if (tokens.length === 0) continue;
    const isUnderWay = !end && found.index + whole.length === query.length;
    const phrase = {
      tokens: tokens.map(({ text }) => text),
      isOpen: isUnderWay && isBeginning(tokens.at(-1), part),
    };
    phrases.set(`${phrase.tokens.join(' ')}${phrase.isOpen ? '…' : ''}`, phrase);
  }
  return [...phrases.values()].slice(0, PHRASES_MAX);
}

function isBeginning(last: Token | undefined, part: string): boolean {
  return last?.isWord === true && last.end === part.length && [...last.text].length >= OPEN_MIN_CHARS;
}

/**
 * Where the phrases stand in a text and in another that belongs to it, such as the name of its file.
 * @returns undefined where one of the phrases stands in neither
 */
export function findPhrases(
  texts: readonly string[],
  phrases: readonly Phrase[],
): readonly (readonly Range[])[] | undefined {
  const read = texts.map((text) => ({ tokens: tokensOf(text), ranges: [] as Range[] }));
  for (const phrase of phrases) {
    const before = count(read);
    for (const { tokens, ranges } of read) ranges.push(...occurrences(tokens, phrase));
    if (count(read) === before) return undefined;
  }
  return read.map(({ ranges }) => joined(ranges));
}

function count(read: readonly { readonly ranges: readonly Range[] }[]): number {
  return read.reduce((sum, { ranges }) => sum + ranges.length, 0);
}

function occurrences(tokens: readonly Token[], phrase: Phrase): Range[] {
  const ranges: Range[] = [];
  const last = phrase.tokens.length - 1;
  for (let at = 0; at + last < tokens.length && ranges.length < RANGES_MAX; at++) {
    if (!isAt(tokens, at, phrase)) continue;
    const [first, end] = [tokens[at], tokens[at + last]];
    if (first && end) ranges.push([first.start, end.end]);
  }
  return ranges;
}

function isAt(tokens: readonly Token[], at: number, { tokens: wanted, isOpen }: Phrase): boolean {
  return wanted.every((text, index) => {
    const token = tokens[at + index];
    const mayGoOn = isOpen && index === wanted.length - 1;
    return token?.text === text || (mayGoOn && token?.isWord === true && token.text.startsWith(text));
  });
}

/** In order; those that touch or overlap as one. */
function joined(ranges: readonly Range[]): Range[] {
  const whole: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = whole.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([start, end]);
  }
  return whole.slice(0, RANGES_MAX);
}
