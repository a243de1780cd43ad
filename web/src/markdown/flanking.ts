import type { StateInline } from 'markdown-it';

/** A letter, a digit or an emoji. */
const CHARACTER = /[\p{L}\p{M}\p{N}\p{Extended_Pictographic}]/u;
/** Written without spaces, so that there is no other word for emphasis to stand beside. */
const JOINED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
/** What emphasised words may begin and end with beside characters. Other punctuation makes faces: -_- and *^_^*. */
const OPENING = /["'“‘「『《（([{$`*_~—]/;
const CLOSING = /["'”’」』》）)\]}$`*_~。，！？：；、….,!?:;%]/;

type Delimiters = ReturnType<StateInline['scanDelims']>;

/**
 * Whether a run of *, _ or ~ may begin or end an emphasis, where people chat. As in CommonMark, but: in 2*3*4, snake_case
 * and -_- nothing is emphasised, and beside a Chinese character **重点：**这样 is, for which CommonMark wants spaces.
 */
export function scanDelimiters(text: string, start: number, end: number): Delimiters {
  const marker = text.charAt(start);
  let after = start;
  while (after < end && text.charAt(after) === marker) after++;
  const last = characterBefore(text, start);
  const next = after < end ? characterAt(text, after) : '';

  const isWordBefore = isWord(last);
  const isWordAfter = isWord(next);
  const isInsideWord = isWordBefore && isWordAfter;
  const isOpenable = (CHARACTER.test(next) || OPENING.test(next)) && !isInsideWord;
  const isClosable = (CHARACTER.test(last) || CLOSING.test(last)) && !isInsideWord;
  // Inside Chinese only stars emphasise. A tilde is a tone of voice as well: 好呀~~明天见~~.
  const mayJoin = marker === '*';
  return {
    can_open: isOpenable && (!isWordBefore || JOINED.test(next)) && (mayJoin || !JOINED.test(last)),
    can_close: isClosable && (!isWordAfter || JOINED.test(last)) && (mayJoin || !JOINED.test(next)),
    length: after - start,
  };
}

/** A letter or digit of a script that puts spaces between its words. */
function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character) && !JOINED.test(character);
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 32);
}

function characterBefore(text: string, at: number): string {
  return at === 0 ? '' : ([...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '');
}
