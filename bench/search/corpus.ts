/** Texts as people might write them: words by Zipf's law, Chinese and English. */
import { Chance } from '../../test/reliability/chance.ts';

/** Picks from 0 to `count` - 1, the k-th about 1/k^exponent as often as the first. */
export function zipf(count: number, exponent: number, chance: Chance): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return () => {
    const wanted = chance.next() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

const WORDS_SEED = 1;
const CHINESE_WORDS = 30_000;
const ENGLISH_WORDS = 30_000;

/** Of a message: from so many words on, and up to so many more. */
const WORDS_MIN = 2;
const WORDS_MORE = 14;

export interface Corpus {
  /** Most frequent first. */
  readonly chinese: readonly string[];
  readonly english: readonly string[];
  /** The next message: half of them Chinese, some with an English word among them. */
  message(): string;
}

/** The words are always the same; what is said with them is by chance. */
export function makeCorpus(saying: Chance): Corpus {
  const chance = new Chance(WORDS_SEED);
  const chinese = chineseWords(chance);
  const english = englishWords(chance);
  const nextChinese = zipf(chinese.length, 0.9, saying);
  const nextEnglish = zipf(english.length, 1, saying);
  const words = (): number => WORDS_MIN + Math.floor(saying.next() ** 2 * WORDS_MORE);
  const inEnglish = (): string => english[nextEnglish()] ?? '';
  const inChinese = (): string => (saying.is(0.04) ? inEnglish() : (chinese[nextChinese()] ?? ''));
  return {
    chinese,
    english,
    message() {
      if (saying.is(0.5)) return Array.from({ length: words() }, inEnglish).join(' ');
      return Array.from({ length: words() * 2 }, () => inChinese() + (saying.is(0.1) ? '，' : '')).join('');
    },
  };
}

/** The 3,755 characters of the first level of GB 2312, in an order of their own; words of one to four. */
function chineseWords(chance: Chance): string[] {
  const gbk = new TextDecoder('gbk');
  const characters = Array.from({ length: 3_755 }, (_, index) =>
    gbk.decode(new Uint8Array([0xb0 + Math.floor(index / 94), 0xa1 + (index % 94)])),
  );
  shuffle(characters, chance);
  const next = zipf(characters.length, 0.8, chance);
  return distinct(CHINESE_WORDS, (rank) => {
    const length = rank < 200 ? 1 : 1 + Math.ceil(chance.next() ** 2 * 3);
    return Array.from({ length }, () => characters[next()] ?? '').join('');
  });
}

/** Words of one letter, by how frequent they are. */
const LETTERS_AT = new Map([
  [2, 'a'],
  [8, 'i'],
  [200, '3'],
  [3_000, 'x'],
]);

function englishWords(chance: Chance): string[] {
  const starts = [...'tsabcwpfmdhrlengiouvkyjq', 'st', 'pr', 'tr', 'ch', 'sh', 'th', 'gr', 'cl'];
  const vowels = [...'eaoiu', 'ea', 'ou', 'ai', 'io'];
  const ends = ['', 'n', 's', 'r', 't', 'l', 'd', 'm', 'ck', 'ng', 'st', 'nt', 'ss', 'p'];
  const one = (list: readonly string[], next: () => number): string => list[next()] ?? '';
  const start = zipf(starts.length, 0.8, chance);
  const vowel = zipf(vowels.length, 0.8, chance);
  const end = zipf(ends.length, 0.6, chance);
  return distinct(ENGLISH_WORDS, (rank) => {
    const alone = LETTERS_AT.get(rank);
    if (alone !== undefined) return alone;
    const syllables = rank < 100 ? 1 : 1 + Math.floor(chance.next() * (rank < 1000 ? 2 : 4));
    return Array.from(
      { length: syllables },
      () => one(starts, start) + one(vowels, vowel) + one(ends, end),
    ).join('');
  });
}

function distinct(count: number, make: (rank: number) => string): string[] {
  const words = new Set<string>();
  for (let tries = 0; words.size < count && tries < count * 20; tries++) words.add(make(words.size));
  return [...words];
}

function shuffle(list: string[], chance: Chance): void {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(chance.next() * (at + 1));
    [list[at], list[other]] = [list[other] ?? '', list[at] ?? ''];
  }
}
