/** A piece of a message's text: words, or a link that is safe to follow. */
export type Piece = { readonly text: string; readonly href?: string };

/**
 * Chinese writes on after a link without a space, so its characters and punctuation end one. The bound keeps the work
 * for a text that is nothing but brackets small.
 */
const LINK = /(?:https?:\/\/|www\.)[^\s<>"'`\u2018-\u201f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]{1,2000}/gi;
const TRAILING = /[.,;:!?*_~)\]}]$/;
const OPENERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Cuts a text into words and links (http and https only, and www.…, which becomes https). Nothing is lost. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutTrailing(match[0]);
    const href = hrefOf(link);
    if (href === undefined || isInsideWord(text, match.index)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The address to use for a URL that someone sent: http, https or relative to this page; undefined for all else. */
export function safeUrl(url: string, page: string): string | undefined {
  try {
    const { protocol, href } = new URL(url, page);
    return protocol === 'http:' || protocol === 'https:' ? href : undefined;
  } catch {
    return undefined;
  }
}

/** A full stop or a closing bracket after a link is the sentence's, unless the bracket was opened inside the link. */
function withoutTrailing(link: string): string {
  let kept = link;
  for (let mark = kept.slice(-1); TRAILING.test(kept); mark = kept.slice(-1)) {
    const opener = OPENERS[mark];
    if (opener !== undefined && count(kept, opener) >= count(kept, mark)) break;
    kept = kept.slice(0, -1);
  }
  return kept;
}

function hrefOf(link: string): string | undefined {
  if (/^www\./i.test(link))
    return /^www\.[^./]+\../i.test(link) ? safeUrl(`https://${link}`, 'https://localhost') : undefined;
  return /^https?:\/\/[^/?#]/i.test(link) ? safeUrl(link, 'https://localhost') : undefined;
}

/** As in "notwww.example.org". */
function isInsideWord(text: string, at: number): boolean {
  return /[A-Za-z0-9]/.test(text.charAt(at - 1));
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
