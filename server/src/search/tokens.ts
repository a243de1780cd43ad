/** A word, or a character that stands for itself, as it is indexed and looked for. */
export interface Token {
  /** Folded: of letters, digits, marks and pictographs only. */
  readonly text: string;
  /** Where it stands in the text that it was found in, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether it is made of letters or digits between which others could follow, so that it can be the start of another. */
  readonly isWord: boolean;
}

/** What is beyond is not looked at: nobody types such words, and keys and hashes would swell the index. */
const WORD_UNITS = 64;

/**
 * The one definition of what search compares, for what is stored and for what is asked.
 *
 * - Han characters, kana, hangul, and scripts that put no blanks between words: each character is a token.
 * - Other letters and digits in a row are one token, without case and accents; full-width forms are as the usual ones.
 * - A pictograph is a token, without its skin tone; what is composed of several is so many tokens.
 * - All else only separates.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let word = '';
  let wordStart = 0;
  let wordEnd = 0;
  const endWord = (): void => {
    if (word !== '') tokens.push({ text: word, start: wordStart, end: wordEnd, isWord: true });
    word = '';
  };
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = clusterEnd(text, start);
    for (const piece of piecesOf(text, start, end)) {
      if (piece.kind === 'word') {
        if (word === '') wordStart = start;
        if (word.length < WORD_UNITS) word += piece.text;
        wordEnd = end;
      } else if (piece.kind !== 'nothing') {
        endWord();
        if (piece.kind === 'single') tokens.push({ text: piece.text, start, end, isWord: false });
      }
    }
  }
  endWord();
  return tokens;
}

/** What a cluster comes to. `nothing` is as if it were not there; a `gap` ends a word. */
interface Piece {
  readonly text: string;
  readonly kind: 'word' | 'single' | 'gap' | 'nothing';
}

/** The end of a character with the marks that belong to it. */
function clusterEnd(text: string, start: number): number {
  let end = start + widthAt(text, start);
  // Marks begin at U+0300; what is usual is not looked at any closer.
  while (text.charCodeAt(end) >= 0x300 && continues(text, start, end)) end += widthAt(text, end);
  return end;
}

function widthAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

const MARK = /^[\p{M}\uff9e\uff9f]/u;
const LEADING_JAMO = /^[\u1100-\u115f\ua960-\ua97c]/;
const FOLLOWING_JAMO = /^[\u1160-\u11ff\ud7b0-\ud7fb]/;

function continues(text: string, start: number, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0x4e00 && code <= 0x9fff) return false;
  const character = text.slice(at, at + widthAt(text, at));
  return MARK.test(character) || (FOLLOWING_JAMO.test(character) && LEADING_JAMO.test(text.slice(start)));
}

/** By cluster. Emptied when full: it fills again with what is in use. */
const known = new Map<string, readonly Piece[]>();
const KNOWN_MAX = 20_000;

function piecesOf(text: string, start: number, end: number): readonly Piece[] {
  const cluster = text.slice(start, end);
  const earlier = known.get(cluster);
  if (earlier) return earlier;
  const pieces = fold(cluster);
  if (known.size >= KNOWN_MAX) known.clear();
  // A text of marks alone can be one cluster of any length; such are not kept.
  if (cluster.length <= 16) known.set(cluster, pieces);
  return pieces;
}

/** Accents of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic, what encloses, and what chooses a glyph. */
const STRIPPED =
  /(?=\p{M})(?:[\u0300-\u036f\u0591-\u05c7]|[\u064b-\u065f]|\u0670|[\u20d0-\u20ff]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])/gu;
const WITH_MARKS = /\P{M}\p{M}*|\p{M}+/gu;

function fold(cluster: string): readonly Piece[] {
  const plain = cluster.normalize('NFKD').replace(STRIPPED, '').normalize('NFC');
  // By way of capitals, so that ß is ss and a final sigma is a sigma.
  const folded = plain.toUpperCase().toLowerCase();
  return (folded.match(WITH_MARKS) ?? []).map((text) => ({ text, kind: kindOf(text) }));
}

const SINGLE =
  /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\u30fc\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const LETTER = /^[\p{L}\p{N}]/u;
const PICTOGRAPH = /^[\p{ExtPict}\p{RI}]/u;
const UNSEEN = /^[\p{Cf}\p{M}\p{Emoji_Modifier}]/u;

function kindOf(text: string): Piece['kind'] {
  if (LETTER.test(text)) return SINGLE.test(text) ? 'single' : 'word';
  if (PICTOGRAPH.test(text)) return 'single';
  return UNSEEN.test(text) ? 'nothing' : 'gap';
}
