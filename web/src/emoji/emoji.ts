import type { LanguageTag } from '../i18n/language.ts';

export interface Emoji {
  readonly emoji: string;
  /** Its short names, as in `:smile:`. */
  readonly codes: readonly string[];
  /** Its name in the reader's language. */
  readonly label: string;
  /** Other words for it, in the reader's language. */
  readonly words: readonly string[];
}

/** In the order of the data: see web/build/emoji-data.ts. */
export const EMOJI_GROUPS = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;

const DATA: Record<LanguageTag, () => Promise<{ default: readonly string[] }>> = {
  en: () => import('virtual:emoji/en'),
  'zh-CN': () => import('virtual:emoji/zh-CN'),
};

/** All emoji in their groups; some 40 KB over the line, once for each language. */
export async function loadEmoji(tag: LanguageTag): Promise<readonly (readonly Emoji[])[]> {
  return (await DATA[tag]()).default.map(parseGroup);
}

export function parseGroup(group: string): Emoji[] {
  return group.split('\n').map((line) => {
    const [emoji = '', codes = '', label = '', words = ''] = line.split('\t');
    return { emoji, codes: wordsOf(codes), label, words: wordsOf(words) };
  });
}

/** Those that what someone typed may mean, the likeliest first. `smi` finds `:smile:`; 笑 finds what is called so. */
export function findEmoji(all: readonly Emoji[], typed: string, most: number): Emoji[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [];
  return all
    .map((emoji, at) => ({ emoji, at, rank: rankOf(emoji, wanted) }))
    .filter(({ rank }) => rank < MISS)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

const MISS = 9;

function rankOf({ emoji, codes, label, words }: Emoji, wanted: string): number {
  const name = label.toLowerCase();
  if (emoji === wanted || codes.includes(wanted)) return 0;
  if (name === wanted) return 1;
  if (codes.some((code) => code.startsWith(wanted))) return 2;
  if (words.includes(wanted)) return 3;
  if (name.startsWith(wanted)) return 4;
  if (words.some((word) => word.startsWith(wanted))) return 5;
  if (name.includes(wanted) || codes.some((code) => code.includes(wanted))) return 6;
  return words.some((word) => word.includes(wanted)) ? 7 : MISS;
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
