import { hasIt, type Searchable } from '../index-text.ts';
import type { IndexQuery } from '../search-index.ts';
import { type Token, tokensOf } from '../tokens.ts';

/**
 * What of a message stands in its `tsvector`: its tokens, and each two neighbours of which neither is a word, such as two
 * Han characters. It has no positions, of which PostgreSQL keeps 256 for each lexeme and no more; so it finds some
 * messages too many, and none too few, and each is looked at once more.
 */
export function lexemesOf(message: Searchable): string[] {
  const lexemes = new Set<string>();
  for (const text of [message.content ?? '', message.file_name ?? '']) {
    const tokens = tokensOf(text);
    for (const [index, token] of tokens.entries()) {
      lexemes.add(token.text);
      const pair = pairOf(token, tokens[index + 1]);
      if (pair !== undefined) lexemes.add(pair);
    }
  }
  for (const has of ['link', 'image', 'file'] as const) if (hasIt(message, has)) lexemes.add(markOf(has));
  return [...lexemes];
}

/** The query as a `tsquery`; undefined where it asks for no text. */
export function tsqueryOf({ phrases, has }: Pick<IndexQuery, 'phrases' | 'has'>): string | undefined {
  const wanted = new Set<string>();
  for (const { tokens: texts, isOpen } of phrases) {
    const tokens = texts.flatMap((text) => tokensOf(text));
    tokens.forEach((token, index) => {
      const isLast = index === tokens.length - 1;
      const pair = pairOf(token, tokens[index + 1]) ?? pairOf(tokens[index - 1], token);
      wanted.add(`${quoted(pair ?? token.text)}${isOpen && isLast ? ':*' : ''}`);
    });
  }
  if (has !== undefined) wanted.add(quoted(markOf(has)));
  return wanted.size === 0 ? undefined : [...wanted].join(' & ');
}

function pairOf(one: Token | undefined, next: Token | undefined): string | undefined {
  return one && next && !one.isWord && !next.isWord ? `${one.text} ${next.text}` : undefined;
}

/** No token has a low line. */
function markOf(has: string): string {
  return `_${has}`;
}

/** Tokens are of letters, digits, marks and pictographs: there is no quote in them. */
function quoted(lexeme: string): string {
  return `'${lexeme}'`;
}
