import Pinyin from 'pinyin-match';

/** How well a name fits what someone types, the best first. */
export const FITS = ['begins', 'sounds', 'has', 'sounds within'] as const;
export type Fit = (typeof FITS)[number];

/**
 * Whether a name is meant: it has what was typed in it, without case, accents and widths, or sounds so in pinyin, whole
 * or by the first letters of its syllables (`zxm`, `zhangx` and `xiaoming` for 张小明; not both mixed, as in `zhangxm`),
 * with all readings of a character.
 * @param typed as `foldName` makes it, not empty
 */
export function fitOf(name: string, typed: string): Fit | undefined {
  const folded = foldName(name);
  const at = folded.indexOf(typed);
  if (at === 0) return 'begins';
  const sound = Pinyin.match(folded, typed);
  if (sound && sound[0] === 0) return 'sounds';
  if (at > 0) return 'has';
  return sound ? 'sounds within' : undefined;
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
