import { tokensOf } from '@pokers/server/search/tokens';
import type { Chance } from '../../test/reliability/chance.ts';
import { type Corpus, makeCorpus, zipf } from './corpus.ts';

/** What is typed, by kind: for each kind what makes one. */
export interface QueryKind {
  readonly name: string;
  make(): string;
}

/**
 * Queries are parts of messages that could have been said, so that what is frequent is looked for often, and words at
 * random from the list, which are rare; a tenth of each is put together by chance and is mostly nowhere.
 */
export function queryKinds(chance: Chance): readonly QueryKind[] {
  const corpus = makeCorpus(chance.fork('corpus'));
  const said = (isWanted: (text: string) => boolean): string => {
    for (;;) {
      const text = corpus.message();
      if (isWanted(text)) return text;
    }
  };
  const han = (length: number) => (): string => {
    if (chance.is(0.1))
      return Array.from({ length }, () => chance.pick([...chance.pick(corpus.chinese)])).join('');
    const isLong = (text: string): boolean => singles(text).length >= length;
    const letters = singles(said(isLong));
    const from = chance.between(0, letters.length - length);
    return letters.slice(from, from + length).join('');
  };
  const english = wordsOf(corpus, chance);
  return [
    { name: '1 character', make: han(1) },
    { name: '2 characters', make: han(2) },
    { name: '4 characters', make: han(4) },
    { name: '2 and 2 characters', make: () => `${han(2)()} ${han(2)()}` },
    { name: '1 letter', make: () => chance.pick([...'aai3xq']) },
    { name: '2 letters', make: () => english().slice(0, 2) },
    { name: '4 letters', make: () => english().slice(0, 4) },
    { name: 'a word', make: () => `${english()} ` },
    { name: 'a word, another begun', make: () => `${english()} ${english().slice(0, 3)}` },
    { name: 'Chinese and English', make: () => `${han(2)()} ${english().slice(0, 3)}` },
  ];
}

/** The first run of characters of a text that are tokens for themselves. */
function singles(text: string): string[] {
  const run: string[] = [];
  for (const { text: token, isWord } of tokensOf(text)) {
    if (isWord) break;
    run.push(token);
  }
  return run;
}

function wordsOf({ english }: Corpus, chance: Chance): () => string {
  const frequent = zipf(english.length, 1, chance);
  return () => (chance.is(0.5) ? english[frequent()] : chance.pick(english)) ?? '';
}
