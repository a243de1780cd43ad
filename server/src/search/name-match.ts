import Pinyin from 'pinyin-match';

const HAN = /\p{sc=Han}/u;

/** Letters of the longest syllables: zhuang, chuang, shuang. */
const SYLLABLE_MAX = 6;

/** Most letters that are compared with how a name sounds. */
const SOUND_MAX = 40;

/** How well a name fits what someone types, the best first. */
export const FITS = ['begins', 'sounds', 'has', 'sounds within'] as const;
export type Fit = (typeof FITS)[number];

/**
 * Whether a name is meant: it has what was typed in it, without case, accents and widths, or sounds so in pinyin, each
 * syllable whole or begun (`zxm`, `zhangxm` and `xiaoming` for 张小明), with all readings of a character.
 * @param typed as `foldName` makes it, not empty
 */
export function fitOf(name: string, typed: string): Fit | undefined {
  const folded = foldName(name);
  const at = folded.indexOf(typed);
  if (at === 0) return 'begins';
  const sound = HAN.test(folded) ? soundAt([...folded], typed.replaceAll(' ', '')) : undefined;
  if (sound === 0) return 'sounds';
  if (at > 0) return 'has';
  return sound === undefined ? undefined : 'sounds within';
}

/** The first character of a name from which on it sounds as typed. */
function soundAt(characters: readonly string[], typed: string): number | undefined {
  if (typed === '' || typed.length > SOUND_MAX) return undefined;
  // From which characters on what is left of the typed text was looked for in vain: nowhere twice.
  const failed = new Set<number>();
  const sounds = (at: number, from: number): boolean => {
    if (from === typed.length) return true;
    const character = characters[at];
    const place = at * SOUND_MAX + from;
    if (character === undefined || failed.has(place)) return false;
    if (endsOf(character, typed, from).some((end) => sounds(at + 1, end))) return true;
    failed.add(place);
    return false;
  };
  const at = characters.findIndex((_, first) => sounds(first, 0));
  return at < 0 ? undefined : at;
}

/** Where in what is typed a character that begins there can end: with each beginning of each of its readings. */
function endsOf(character: string, typed: string, from: number): number[] {
  if (character === ' ') return [from];
  if (typed.startsWith(character, from)) return [from + character.length];
  const ends: number[] = [];
  if (!HAN.test(character)) return ends;
  for (let end = from + 1; end <= Math.min(from + SYLLABLE_MAX, typed.length); end++) {
    // A beginning that no reading has makes all longer ones wrong.
    if (!beginsReading(character, typed.slice(from, end))) break;
    ends.push(end);
  }
  return ends;
}

/** Answers of the library by character and letters, some 100 bytes each. When it is full, it begins anew. */
const known = new Map<string, boolean>();
const KNOWN_MAX = 20_000;

/** The library itself takes either whole syllables or first letters, not both; so it is asked about one character. */
function beginsReading(character: string, letters: string): boolean {
  const key = character + letters;
  let answer = known.get(key);
  if (answer === undefined) {
    answer = Pinyin.match(character, letters) !== false;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, answer);
  }
  return answer;
}

/** As `FITS`, and last: what was typed is in the name with other letters between, as `hmwk` in Homework. */
export const LOOSE_FITS = [...FITS, 'scattered'] as const;
export type LooseFit = (typeof LOOSE_FITS)[number];

/** For who looks among all names they know, and types little: see `fitOf`. */
export function looseFitOf(name: string, typed: string): LooseFit | undefined {
  return fitOf(name, typed) ?? (isScattered(foldName(name), typed) ? 'scattered' : undefined);
}

function isScattered(folded: string, typed: string): boolean {
  let at = 0;
  for (const letter of typed.replaceAll(' ', '')) {
    const found = folded.indexOf(letter, at);
    if (found < 0) return false;
    at = found + letter.length;
  }
  return true;
}

/** A name, or what is typed of one, as they are compared. */
export function foldName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return plain.toUpperCase().toLowerCase().trim().replace(/\s+/g, ' ');
}
